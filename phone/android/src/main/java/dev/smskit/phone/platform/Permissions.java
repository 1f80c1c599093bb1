package dev.smskit.phone.platform;

import android.Manifest;
import android.app.AlarmManager;
import android.app.NotificationManager;
import android.content.Context;
import android.content.pm.PackageManager;
import android.os.Build;
import android.os.PowerManager;

/** What the operator has allowed. */
public final class Permissions {
    private final Context context;

    public Permissions(Context context) {
        this.context = context;
    }

    public boolean canSend() {
        return has(Manifest.permission.SEND_SMS);
    }

    public boolean canReceive() {
        return has(Manifest.permission.RECEIVE_SMS);
    }

    public boolean canSeeSims() {
        return has(Manifest.permission.READ_PHONE_STATE);
    }

    public boolean canNotify() {
        return context.getSystemService(NotificationManager.class).areNotificationsEnabled();
    }

    /** Whether the phone may talk to its server while the device dozes. */
    public boolean ignoresBatteryOptimisation() {
        return context.getSystemService(PowerManager.class).isIgnoringBatteryOptimizations(context.getPackageName());
    }

    @ChecksApiLevel
    public boolean canWakeExactly() {
        return Build.VERSION.SDK_INT < 31 || context.getSystemService(AlarmManager.class).canScheduleExactAlarms();
    }

    private boolean has(String permission) {
        return context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED;
    }
}
