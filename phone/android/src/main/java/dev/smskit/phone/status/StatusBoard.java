package dev.smskit.phone.status;

import android.os.Handler;
import android.os.Looper;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Holds the latest snapshot, and tells observers of each new one on the main thread. */
public final class StatusBoard {
    private final Handler main = new Handler(Looper.getMainLooper());
    private final List<Consumer<StatusSnapshot>> observers = new CopyOnWriteArrayList<>();
    private volatile StatusSnapshot latest;

    /** The latest one; null before the first. */
    public StatusSnapshot latest() {
        return latest;
    }

    /** Tells the latest at once, and each new one, until {@link #forget}. From the main thread. */
    public void observe(Consumer<StatusSnapshot> observer) {
        observers.add(observer);
        if (latest != null) {
            observer.accept(latest);
        }
    }

    public void forget(Consumer<StatusSnapshot> observer) {
        observers.remove(observer);
    }

    /** From any thread. */
    public void show(StatusSnapshot snapshot) {
        latest = snapshot;
        main.post(() -> observers.forEach(observer -> observer.accept(snapshot)));
    }
}
