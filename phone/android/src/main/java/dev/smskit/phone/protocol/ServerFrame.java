package dev.smskit.phone.protocol;

import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import java.util.List;
import java.util.Map;

/** What the server says, parsed. */
public interface ServerFrame {
    /** The answer to {@code hello}. */
    record Welcome(long serverTime, long heartbeatSeconds, List<Resolution> resolve) implements ServerFrame {
    }

    /** What the server makes of an open job: {@code action} is go, drop or report; {@code token} may be null. */
    record Resolution(String jobId, String token, String action) {
    }

    record HeartbeatAck(long serverTime) implements ServerFrame {
    }

    record Offers(List<Offer> offers) implements ServerFrame {
    }

    record Claimed(List<Verdict> verdicts) implements ServerFrame {
    }

    /** Whether a claim stands; {@code reason} says why not, or is null. */
    record Verdict(Key key, boolean isGo, String reason) {
    }

    record Declined(List<Key> keys) implements ServerFrame {
    }

    record Ack(long seq) implements ServerFrame {
    }

    /** A {@code config} frame: what it leaves out stays as it is; 0 seconds are left out. */
    record Settings(long heartbeatSeconds, Map<Integer, Boolean> enabled) implements ServerFrame {
    }

    record Revoked() implements ServerFrame {
    }

    /** A frame that the server could not use: one of {@code jobId} (or null) or {@code seq} (or 0) says which. */
    record ServerError(String code, String jobId, long seq) implements ServerFrame {
    }
}
