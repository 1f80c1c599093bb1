package dev.smskit.phone.jobs;

/** A job that the phone may claim. Times are milliseconds since the epoch, by the server's clock. */
public record Offer(Key key, int simSlot, String recipient, String message, int segments, int priority,
                    long expiresAt, long claimBy) {
    /** From this priority on, the radio doesn't begin a lesser message while the job's claim is on its way. */
    public static final int URGENT = 9;

    /** Without recipient and text: it may get into a log. */
    @Override
    public String toString() {
        return "Offer[" + key.jobId() + "]";
    }
}
