package dev.smskit.phone.platform;

import android.app.AlarmManager;
import android.app.PendingIntent;
import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.os.SystemClock;
import dev.smskit.phone.App;
import dev.smskit.phone.Phone;

/** Wakes the dozing device for its heartbeats, and to connect again. One alarm at a time. */
public class HeartbeatAlarm extends BroadcastReceiver {
    /** Without a heartbeat to wait for, the phone looks after itself this often, in milliseconds. */
    private static final long AT_THE_LATEST = 300_000;

    @Override
    public void onReceive(Context context, Intent intent) {
        App app = App.of(context);
        Phone phone = app.phone();
        if (phone != null) {
            set(context, app.permissions(), SystemClock.elapsedRealtime() + AT_THE_LATEST);
            phone.checkUp();
            app.keepServing();
        }
    }

    /** In milliseconds since the device started, through its sleep. */
    @ChecksApiLevel
    public static void set(Context context, Permissions permissions, long at) {
        AlarmManager alarms = context.getSystemService(AlarmManager.class);
        if (permissions.canWakeExactly()) {
            alarms.setExactAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, at, intent(context));
        } else {
            alarms.setAndAllowWhileIdle(AlarmManager.ELAPSED_REALTIME_WAKEUP, at, intent(context));
        }
    }

    public static void cancel(Context context) {
        context.getSystemService(AlarmManager.class).cancel(intent(context));
    }

    private static PendingIntent intent(Context context) {
        return PendingIntent.getBroadcast(
                context, 0, new Intent(context, HeartbeatAlarm.class),
                PendingIntent.FLAG_UPDATE_CURRENT | PendingIntent.FLAG_IMMUTABLE);
    }
}
