package dev.smskit.phone.platform;

import android.content.Context;
import android.os.PowerManager;

/** Keeps the device from sleeping while there is something to do. */
public final class Awake {
    private static final long BRIEFLY = 5_000;

    private final PowerManager.WakeLock lock;

    public Awake(Context context) {
        lock = context.getSystemService(PowerManager.class).newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "smskit:work");
        lock.setReferenceCounted(false);
    }

    /** For some seconds from now. */
    public void briefly() {
        lock.acquire(BRIEFLY);
    }
}
