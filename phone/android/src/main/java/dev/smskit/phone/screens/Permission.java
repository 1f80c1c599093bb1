package dev.smskit.phone.screens;

import android.Manifest;
import dev.smskit.phone.R;
import dev.smskit.phone.platform.Permissions;
import java.util.function.Predicate;

/** What SMSKit asks for, in this order, and why. {@code manifestName} is null for what a page of Android's settings grants. */
enum Permission {
    SEND(Manifest.permission.SEND_SMS, 26, Permissions::canSend,
            R.string.permission_send, R.string.permission_send_why, R.string.permission_send_without),
    RECEIVE(Manifest.permission.RECEIVE_SMS, 26, Permissions::canReceive,
            R.string.permission_receive, R.string.permission_receive_why, R.string.permission_receive_without),
    SIMS(Manifest.permission.READ_PHONE_STATE, 26, Permissions::canSeeSims,
            R.string.permission_sims, R.string.permission_sims_why, R.string.permission_sims_without),
    NOTIFICATIONS(Manifest.permission.POST_NOTIFICATIONS, 33, Permissions::canNotify,
            R.string.permission_notifications, R.string.permission_notifications_why, R.string.permission_notifications_without),
    BATTERY(null, 26, Permissions::ignoresBatteryOptimisation,
            R.string.permission_battery, R.string.permission_battery_why, R.string.permission_battery_without),
    ALARMS(null, 31, Permissions::canWakeExactly,
            R.string.permission_alarms, R.string.permission_alarms_why, R.string.permission_alarms_without);

    final String manifestName;
    final int name;
    final int why;
    final int without;
    private final int sinceSdk;
    private final Predicate<Permissions> isGranted;

    Permission(String manifestName, int sinceSdk, Predicate<Permissions> isGranted, int name, int why, int without) {
        this.manifestName = manifestName;
        this.sinceSdk = sinceSdk;
        this.isGranted = isGranted;
        this.name = name;
        this.why = why;
        this.without = without;
    }

    boolean isGranted(Permissions permissions) {
        return isGranted.test(permissions);
    }

    /** Whether this Android asks for it at all; the alarms only where Android doesn't grant them by itself. */
    boolean isAsked(int sdk) {
        return sdk >= sinceSdk && (this != ALARMS || sdk < 33);
    }

    /** Android 13 and later may keep it from an app that didn't come from a store, until the person lifts that. */
    boolean isRestricted(int sdk) {
        return sdk >= 33 && (this == SEND || this == RECEIVE);
    }
}
