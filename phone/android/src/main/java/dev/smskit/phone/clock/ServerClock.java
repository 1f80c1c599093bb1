package dev.smskit.phone.clock;

import dev.smskit.phone.protocol.Times;
import java.util.function.LongSupplier;

/**
 * Learns from {@code serverTime} and answers how late it is there, never early.
 *
 * <p>The server stamped its time after the question was asked, so {@code serverTime - askedAt} overstates the offset by
 * at most the round trip: a deadline is taken as passed a moment too soon rather than too late. May be used by several
 * threads.
 */
public final class ServerClock {
    private static final long STALE_AFTER = 15 * 60_000L;

    private final LongSupplier monotonic;
    private boolean isKnown;
    private long offset;
    private long roundTrip;
    private long learnedAt;

    /** {@code monotonic} counts milliseconds through the device's sleep. */
    public ServerClock(LongSupplier monotonic) {
        this.monotonic = monotonic;
    }

    /** Takes a sample with its question's monotonic time; keeps the one with the shortest round trip. */
    public synchronized void learn(long serverTime, long askedAt) {
        long now = monotonic.getAsLong();
        boolean isStale = now - learnedAt > STALE_AFTER;
        if (!isKnown || isStale || now - askedAt <= roundTrip) {
            isKnown = true;
            offset = serverTime - askedAt;
            roundTrip = now - askedAt;
            learnedAt = now;
        }
    }

    /** Until the server has told its time every deadline counts as passed: nothing is sent on a guess. */
    public synchronized boolean passed(long deadline) {
        return !isKnown || monotonic.getAsLong() + offset >= deadline;
    }

    /** Whether the server has told its time to this process. */
    public synchronized boolean isKnown() {
        return isKnown;
    }

    /** Milliseconds since the epoch; by the wall clock only while the server's time is unknown. */
    public synchronized long now() {
        return isKnown ? monotonic.getAsLong() + offset : System.currentTimeMillis();
    }

    /** {@link #now}, for a report. */
    public String stamp() {
        return Times.format(now());
    }
}
