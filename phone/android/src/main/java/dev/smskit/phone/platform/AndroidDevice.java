package dev.smskit.phone.platform;

import android.content.Context;
import android.content.pm.PackageManager;
import android.net.ConnectivityManager;
import android.net.NetworkCapabilities;
import android.os.BatteryManager;
import android.os.Build;
import android.provider.Settings;
import android.telephony.SignalStrength;
import android.telephony.TelephonyManager;
import dev.smskit.phone.connection.Device;
import dev.smskit.phone.sending.ClaimDesk;
import dev.smskit.phone.sending.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** This phone, as it presents itself, and which of its SIMs take work. */
public final class AndroidDevice implements Device, ClaimDesk.Slots {
    private final Context context;
    private final Sims sims;
    private final Permissions permissions;
    private final Preferences preferences;
    private final Limits limits;
    private final Set<Integer> disabledByServer = new HashSet<>();

    public AndroidDevice(
            Context context, Sims sims, Permissions permissions, Preferences preferences, Limits limits) {
        this.context = context;
        this.sims = sims;
        this.permissions = permissions;
        this.preferences = preferences;
        this.limits = limits;
    }

    @Override
    public String appVersion() {
        try {
            return context.getPackageManager().getPackageInfo(context.getPackageName(), 0).versionName;
        } catch (PackageManager.NameNotFoundException error) {
            throw new IllegalStateException(error);
        }
    }

    @Override
    public List<Sim> sims() {
        List<Sim> used = new ArrayList<>(sims.present());
        used.removeIf(sim -> !preferences.isOn(sim.simSlot()));
        return used;
    }

    /** From {@code config}: what it leaves out stays as it is. */
    public synchronized void enable(Map<Integer, Boolean> enabled) {
        enabled.forEach((slot, isEnabled) -> {
            if (isEnabled) {
                disabledByServer.remove(slot);
            } else {
                disabledByServer.add(slot);
            }
        });
    }

    public synchronized boolean isEnabledByServer(int simSlot) {
        return !disabledByServer.contains(simSlot);
    }

    @Override
    public String objection(int simSlot) {
        if (preferences.isPaused()) {
            return "paused";
        } else if (!permissions.canSend() || !permissions.canSeeSims()) {
            return "permission-denied";
        } else if (sims.subscriptionOf(simSlot) < 0) {
            return "no-such-sim";
        } else if (!preferences.isOn(simSlot) || !isEnabledByServer(simSlot)) {
            return "sim-disabled";
        }
        return limits.isUsedUp(simSlot) ? "hourly-limit" : null;
    }

    @Override
    public int simIn(int simSlot) {
        return sims.subscriptionOf(simSlot);
    }

    @Override
    public boolean isReady(int simSlot) {
        return objection(simSlot) == null && sims.isReady(simSlot) && !isAirplaneMode();
    }

    public boolean isAirplaneMode() {
        return Settings.Global.getInt(context.getContentResolver(), Settings.Global.AIRPLANE_MODE_ON, 0) != 0;
    }

    @Override
    public Vitals vitals() {
        BatteryManager battery = context.getSystemService(BatteryManager.class);
        int level = battery.getIntProperty(BatteryManager.BATTERY_PROPERTY_CAPACITY);
        return new Vitals(level < 0 || level > 100 ? null : level, battery.isCharging(), networkType(), signalStrength());
    }

    private String networkType() {
        ConnectivityManager connectivity = context.getSystemService(ConnectivityManager.class);
        NetworkCapabilities network = connectivity.getNetworkCapabilities(connectivity.getActiveNetwork());
        if (network == null) {
            return "none";
        } else if (network.hasTransport(NetworkCapabilities.TRANSPORT_WIFI)) {
            return "wifi";
        } else if (network.hasTransport(NetworkCapabilities.TRANSPORT_CELLULAR)) {
            return "cellular";
        }
        return network.hasTransport(NetworkCapabilities.TRANSPORT_ETHERNET) ? "ethernet" : "other";
    }

    /** Bars, 0 to 4; Android 8 tells them to listeners only. */
    @ChecksApiLevel
    private Integer signalStrength() {
        if (Build.VERSION.SDK_INT < 28) {
            return null;
        }
        SignalStrength signal = context.getSystemService(TelephonyManager.class).getSignalStrength();
        return signal == null ? null : Math.max(0, Math.min(4, signal.getLevel()));
    }
}
