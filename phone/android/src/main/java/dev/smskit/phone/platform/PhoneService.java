package dev.smskit.phone.platform;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.app.Service;
import android.content.Intent;
import android.content.pm.ServiceInfo;
import android.os.Build;
import android.os.IBinder;
import dev.smskit.phone.App;
import dev.smskit.phone.MainActivity;
import dev.smskit.phone.Phone;
import dev.smskit.phone.R;

/** Keeps the process alive, in sight of the person, while the phone is paired. */
public class PhoneService extends Service {
    private static final String CHANNEL = "phone";
    private static final int NOTIFICATION = 1;

    private Surroundings surroundings;

    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        showNotification();
        App app = App.of(this);
        Phone phone = app.phone();
        if (phone == null) {
            stopSelf();
            return START_NOT_STICKY;
        }
        if (surroundings == null) {
            surroundings = new Surroundings(this, app.sims(), app.permissions());
            surroundings.watch();
        } else {
            surroundings.watchSims();
        }
        surroundings.checkNetwork();
        phone.start();
        app.setServing(true);
        return START_STICKY;
    }

    @ChecksApiLevel
    private void showNotification() {
        NotificationChannel channel = new NotificationChannel(
                CHANNEL, getString(R.string.channel_name), NotificationManager.IMPORTANCE_LOW);
        getSystemService(NotificationManager.class).createNotificationChannel(channel);
        Notification notification = new Notification.Builder(this, CHANNEL)
                .setSmallIcon(R.drawable.ic_app)
                .setContentTitle(getString(R.string.notification_title))
                .setContentText(getString(R.string.notification_text))
                .setOngoing(true)
                .setContentIntent(PendingIntent.getActivity(
                        this, 0, new Intent(this, MainActivity.class), PendingIntent.FLAG_IMMUTABLE))
                .build();
        if (Build.VERSION.SDK_INT >= 34) {
            startForeground(NOTIFICATION, notification, ServiceInfo.FOREGROUND_SERVICE_TYPE_REMOTE_MESSAGING);
        } else {
            startForeground(NOTIFICATION, notification);
        }
    }

    @Override
    public void onDestroy() {
        if (surroundings != null) {
            surroundings.forget();
        }
        App.of(this).setServing(false);
        super.onDestroy();
    }

    @Override
    public IBinder onBind(Intent intent) {
        return null;
    }
}
