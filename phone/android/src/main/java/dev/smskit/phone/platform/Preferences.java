package dev.smskit.phone.platform;

import android.content.Context;
import android.content.SharedPreferences;
import java.util.HashSet;
import java.util.Set;

/** What the operator has set on the phone itself. */
public final class Preferences {
    private static final String PAUSED = "paused";
    private static final String SIMS_OFF = "simsOff";
    private static final String PARTS_PER_HOUR = "partsPerHour";

    private final SharedPreferences store;

    public Preferences(Context context) {
        store = context.getSharedPreferences("settings", Context.MODE_PRIVATE);
    }

    /** Whether the phone takes no work. */
    public boolean isPaused() {
        return store.getBoolean(PAUSED, false);
    }

    public void setPaused(boolean isPaused) {
        store.edit().putBoolean(PAUSED, isPaused).apply();
    }

    public boolean isOn(int simSlot) {
        return !off().contains(Integer.toString(simSlot));
    }

    public void setOn(int simSlot, boolean isOn) {
        Set<String> off = new HashSet<>(off());
        if (isOn) {
            off.remove(Integer.toString(simSlot));
        } else {
            off.add(Integer.toString(simSlot));
        }
        store.edit().putStringSet(SIMS_OFF, off).apply();
    }

    /** How many parts a SIM may send in an hour, besides what the server allows; 0 for no limit. */
    public int partsPerHour() {
        return store.getInt(PARTS_PER_HOUR, 0);
    }

    public void setPartsPerHour(int parts) {
        store.edit().putInt(PARTS_PER_HOUR, Math.max(0, parts)).apply();
    }

    private Set<String> off() {
        return store.getStringSet(SIMS_OFF, Set.of());
    }
}
