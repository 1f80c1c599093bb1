package dev.smskit.phone.sending;

import dev.smskit.phone.Context;
import dev.smskit.phone.clock.Task;
import dev.smskit.phone.connection.Link;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.protocol.Frames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Claims and declines on their way to the server, each sent again until it is answered.
 *
 * <p>Outlives connections. The first frame of a burst goes at once, the rest together; an urgent claim waits for none of
 * them, neither here nor in the server's work on their frame.
 */
final class Asks {
    private static final class Claim {
        final long expiresAt;
        final int priority;
        long due;
        boolean wasSent;

        Claim(long expiresAt, int priority) {
            this.expiresAt = expiresAt;
            this.priority = priority;
        }
    }

    private static final class Decline {
        final String reason;
        long due;

        Decline(String reason) {
            this.reason = reason;
        }
    }

    private final Context context;
    private final Runnable giveBackExpired;
    private final Map<Key, Claim> claims = new LinkedHashMap<>();
    private final Map<Key, Decline> declines = new LinkedHashMap<>();
    private final Task pump;
    private Link link;
    private long quietUntil;

    Asks(Context context, Runnable giveBackExpired) {
        this.context = context;
        this.giveBackExpired = giveBackExpired;
        pump = new Task(context.loop(), this::pump);
    }

    /** From now on frames go there; null for nowhere. */
    void use(Link to) {
        link = to;
        if (to == null) {
            pump.cancel();
        } else {
            pump.within(0);
        }
    }

    boolean isIdle() {
        return claims.isEmpty() && declines.isEmpty();
    }

    /** Asks for a job that is in the journal. */
    void claim(Key key, long expiresAt, int priority) {
        claims.put(key, new Claim(expiresAt, priority));
        if (priority >= Offer.URGENT) {
            quietUntil = 0;
        }
        wake();
    }

    /** Gives back a job that is in the journal no more. */
    void decline(Key key, String reason) {
        declines.put(key, new Decline(reason));
        wake();
    }

    /** The claim is decided, or given up. */
    void dropClaim(Key key) {
        claims.remove(key);
    }

    /** The server knows that the phone does not hold this job. */
    void declined(Key key) {
        declines.remove(key);
    }

    /** Whether the server may still count on this phone for a job that was given back. */
    boolean isDeclining(Key key) {
        return declines.containsKey(key);
    }

    /** On a new connection: what is claimed still, and declines that were not answered on the last. */
    void startOver(Collection<Job> held) {
        claims.clear();
        held.forEach(job -> claims.put(job.key(), new Claim(job.expiresAt(), job.priority())));
        declines.values().forEach(decline -> decline.due = 0);
        wake();
    }

    /** Leaves the claims and declines of a job alone for a while; returns those claims. */
    List<Key> postpone(String jobId) {
        long due = context.loop().now() + context.timings().refusedPause;
        List<Key> postponed = new ArrayList<>();
        claims.forEach((key, claim) -> {
            if (key.jobId().equals(jobId)) {
                claim.due = due;
                postponed.add(key);
            }
        });
        declines.forEach((key, decline) -> decline.due = key.jobId().equals(jobId) ? due : decline.due);
        return postponed;
    }

    /** Claims of jobs that it is too late to send. */
    List<Key> expired() {
        List<Key> expired = new ArrayList<>();
        claims.forEach((key, claim) -> {
            if (context.clock().passed(claim.expiresAt)) {
                expired.add(key);
            }
        });
        return expired;
    }

    private void wake() {
        if (link != null) {
            pump.within(quietUntil - context.loop().now());
        }
    }

    private void pump() {
        giveBackExpired.run();
        boolean sent = false;
        while (sendClaims(Offer.URGENT)) {
            sent = true;
        }
        sent |= sendClaims(Integer.MIN_VALUE);
        sent |= sendDeclines();
        quietUntil = sent ? context.loop().now() + context.timings().coalesce : 0;
        if (link == null) {
            return;
        }
        long next = Long.MAX_VALUE;
        for (Claim claim : claims.values()) {
            next = Math.min(next, claim.due);
        }
        for (Decline decline : declines.values()) {
            next = Math.min(next, decline.due);
        }
        if (next != Long.MAX_VALUE) {
            pump.within(Math.max(next, quietUntil) - context.loop().now());
        }
    }

    private boolean sendClaims(int priority) {
        long now = context.loop().now();
        List<Key> due = new ArrayList<>();
        claims.forEach((key, claim) -> {
            if (claim.priority >= priority && claim.due <= now && due.size() < Frames.ITEMS_PER_FRAME) {
                due.add(key);
            }
        });
        if (due.isEmpty() || link == null) {
            return false;
        }
        due.forEach(key -> claims.get(key).due = now + context.timings().claimResend);
        link.send(Frames.claim(due));
        context.probe().at("after_claim");
        due.forEach(this::tellClaimed);
        return true;
    }

    private void tellClaimed(Key key) {
        Claim claim = claims.get(key);
        if (claim != null && !claim.wasSent) {
            claim.wasSent = true;
            context.events().emit("claimed", "jobId", key.jobId());
        }
    }

    private boolean sendDeclines() {
        long now = context.loop().now();
        Map<Key, String> due = new LinkedHashMap<>();
        declines.forEach((key, decline) -> {
            if (decline.due <= now && due.size() < Frames.ITEMS_PER_FRAME) {
                due.put(key, decline.reason);
                decline.due = now + context.timings().claimResend;
            }
        });
        if (due.isEmpty() || link == null) {
            return false;
        }
        link.send(Frames.decline(due));
        return true;
    }
}
