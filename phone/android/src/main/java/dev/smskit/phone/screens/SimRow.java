package dev.smskit.phone.screens;

import android.content.res.ColorStateList;
import android.content.res.Resources;
import android.view.View;
import android.widget.ProgressBar;
import dev.smskit.phone.R;
import dev.smskit.phone.status.StatusSnapshot.SimStatus;

/** A SIM in the status: its carrier, what it sent today, and how much of its hour is used. */
final class SimRow {
    private static final int NEARLY_USED = 85;

    private SimRow() {
    }

    static void show(View row, SimStatus sim) {
        Resources resources = row.getResources();
        Rows.text(row, R.id.name, name(resources, sim));
        Rows.text(row, R.id.sim_state, state(resources, sim));
        Rows.text(row, R.id.sim_today, resources.getQuantityString(R.plurals.sim_today, sim.partsToday(), sim.partsToday()));
        boolean isUsed = sim.isOn() && sim.isEnabledByServer();
        boolean isLimited = isUsed && sim.partsPerHourLimit() > 0;
        Rows.text(row, R.id.sim_hour, isUsed ? hour(resources, sim) : null);
        ProgressBar meter = row.findViewById(R.id.meter);
        meter.setVisibility(isLimited ? View.VISIBLE : View.GONE);
        if (isLimited) {
            fill(meter, Math.min(100, 100 * sim.partsThisHour() / sim.partsPerHourLimit()));
        }
    }

    private static String hour(Resources resources, SimStatus sim) {
        return sim.partsPerHourLimit() > 0
                ? resources.getString(R.string.sim_hour, sim.partsThisHour(), sim.partsPerHourLimit())
                : resources.getString(R.string.sim_hour_unlimited, sim.partsThisHour());
    }

    /** People count SIMs from 1. */
    static String name(Resources resources, SimStatus sim) {
        return sim.carrierName() == null
                ? resources.getString(R.string.sim_nameless, sim.simSlot() + 1)
                : resources.getString(R.string.sim_name, sim.simSlot() + 1, sim.carrierName());
    }

    private static String state(Resources resources, SimStatus sim) {
        if (!sim.isOn()) {
            return resources.getString(R.string.sim_off);
        } else if (!sim.isEnabledByServer()) {
            return resources.getString(R.string.sim_off_by_server);
        }
        return sim.isReady() ? null : resources.getString(R.string.sim_not_ready);
    }

    private static void fill(ProgressBar meter, int percent) {
        meter.setProgress(percent);
        int warning = meter.getContext().getColor(R.color.warn);
        meter.setProgressTintList(percent < NEARLY_USED ? null : ColorStateList.valueOf(warning));
    }
}
