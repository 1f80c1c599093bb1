package dev.smskit.phone.support;

import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;

/** Offers for tests. */
public final class Offers {
    public static final String SECRET = "the secret text";
    public static final String RECIPIENT = "+254700000001";

    private Offers() {
    }

    public static Key key(String jobId) {
        return new Key(jobId, "token-of-" + jobId);
    }

    /** Every slot has a SIM of its own. */
    public static int simIn(int simSlot) {
        return simSlot + 1;
    }

    public static Offer offer(String jobId) {
        return offer(key(jobId), 1);
    }

    public static Offer offer(Key key, int priority) {
        return new Offer(key, 0, RECIPIENT, SECRET, 1, priority, Long.MAX_VALUE, Long.MAX_VALUE);
    }
}
