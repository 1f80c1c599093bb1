package dev.smskit.phone.clock;

/**
 * The one thread on which the phone decides. Everything that isn't thread-safe is touched there only.
 *
 * <p>Milliseconds are counted through the device's sleep; a timer may be late by that sleep, never early.
 */
public interface Loop {
    /** Milliseconds since some moment, which never go back; only differences mean anything. */
    long now();

    /** Runs the task soon, from any thread. */
    void post(Runnable task);

    /** Runs the task after so many milliseconds, unless the timer is cancelled before. */
    Timer after(long millis, Runnable task);

    /** A task to come. */
    interface Timer {
        void cancel();
    }
}
