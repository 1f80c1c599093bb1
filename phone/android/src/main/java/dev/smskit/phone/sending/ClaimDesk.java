package dev.smskit.phone.sending;

import dev.smskit.phone.Context;
import dev.smskit.phone.connection.Link;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.jobs.State;
import dev.smskit.phone.journal.JournalException;
import dev.smskit.phone.protocol.Frames;
import dev.smskit.phone.protocol.ServerFrame.Resolution;
import dev.smskit.phone.protocol.ServerFrame.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Claims what is offered, hands what is cleared to the radio, and gives back what can't be sent.
 *
 * <p>Outlives connections. A job is in the journal before its claim goes out, and out of it before its decline.
 */
public final class ClaimDesk {
    static final String JOURNAL_FAILED = "journal-failed";

    /** The SIMs of the phone. */
    public interface Slots {
        /** Why a SIM takes nothing now, as a decline says it; null if it does. */
        String objection(int simSlot);

        /** Which SIM is in the slot, by a number that goes with it to any other; -1 for none. */
        int simIn(int simSlot);
    }

    private final Context context;
    private final Radio radio;
    private final Slots slots;
    private final Runnable wakeReporter;
    private final Asks asks;
    private final Declines declines;
    private boolean isClosing;

    public ClaimDesk(Context context, Radio radio, Slots slots, Runnable wakeReporter) {
        this.context = context;
        this.radio = radio;
        this.slots = slots;
        this.wakeReporter = wakeReporter;
        asks = new Asks(context, this::giveBackExpired);
        declines = new Declines(context, radio, asks);
    }

    /** From now on claims and declines go there; null for nowhere. */
    public void use(Link link) {
        asks.use(link);
    }

    /** Whether no answer from the server is awaited. */
    public boolean isIdle() {
        return asks.isIdle();
    }

    /**
     * Journals and claims what this phone can send in time; the rest is given back.
     *
     * <p>What comes after its {@code claimBy}, on a network that held it, is claimed too: the server judges that, and
     * learns that the phone hears it again. Left alone, it would be offered nothing more before its next heartbeat.
     */
    public void offered(Collection<Offer> offers) {
        List<Offer> acceptable = new ArrayList<>();
        for (Offer offer : offers) {
            if (accepts(offer)) {
                acceptable.add(offer);
            }
        }
        Set<Key> news = acceptable.isEmpty() ? Set.of() : hold(acceptable);
        if (!news.isEmpty()) {
            context.probe().at("before_claim");
        }
        for (Offer offer : acceptable) {
            if (news.contains(offer.key())) {
                asks.claim(offer.key(), offer.expiresAt(), offer.priority());
                if (offer.priority() >= Offer.URGENT && !context.clock().passed(offer.claimBy())) {
                    radio.expect(offer);
                }
            }
        }
    }

    /**
     * All that the server may hold this phone to must fit into {@code hello}: what isn't named there is given to others,
     * though the radio may have it.
     */
    private Set<Key> hold(List<Offer> offers) {
        offers.sort(Comparator.comparingInt(Offer::priority).reversed());
        int room = Math.max(0, Math.min(offers.size(), Frames.OPEN_ITEMS - context.journal().unacknowledged()));
        for (Offer offer : offers.subList(room, offers.size())) {
            declines.decline(offer.key(), "too-many-open");
        }
        try {
            return new HashSet<>(context.journal().hold(offers.subList(0, room), slots::simIn));
        } catch (JournalException full) {
            context.events().emit("journal_failed", "reason", full.getMessage());
            offers.subList(0, room).forEach(offer -> declines.decline(offer.key(), JOURNAL_FAILED));
            return Set.of();
        }
    }

    private boolean accepts(Offer offer) {
        Key key = offer.key();
        if (declines.knows(key) || context.journal().get(key) != null) {
            return false;
        }
        String objection = isClosing ? "shutdown" : slots.objection(offer.simSlot());
        if (context.clock().passed(offer.expiresAt())) {
            declines.decline(key, "expired");
        } else if (objection != null) {
            declines.decline(key, objection);
        } else {
            return true;
        }
        return false;
    }

    /** The server's answer to claims, which may come twice and in any order. */
    public void decided(Collection<Verdict> verdicts) {
        List<Key> go = new ArrayList<>();
        Map<Key, String> gone = new LinkedHashMap<>();
        for (Verdict verdict : verdicts) {
            if (verdict.isGo()) {
                go.add(verdict.key());
            } else {
                gone.put(verdict.key(), verdict.reason());
            }
        }
        go(go);
        gone(gone);
    }

    /** The server's word in {@code welcome} on the jobs that {@code hello} listed; claims it left open are made again. */
    public void resolved(Collection<Resolution> resolutions) {
        declines.startOver();
        for (Resolution one : resolutions) {
            List<Key> keys = one.token() == null
                    ? context.journal().keysOf(one.jobId()) : List.of(new Key(one.jobId(), one.token()));
            switch (one.action()) {
                case "go" -> go(keys);
                case "drop" -> {
                    Map<Key, String> dropped = new LinkedHashMap<>();
                    keys.forEach(key -> dropped.put(key, "dropped"));
                    gone(dropped);
                }
                case "report" -> keys.forEach(context.journal().outbox::reportAgain);
                default -> context.events().emit("bad_frame", "reason", "an unknown action in welcome");
            }
        }
        List<Job> claimed = new ArrayList<>(context.journal().held());
        claimed.removeIf(job -> job.state() != State.CLAIMED);
        asks.startOver(claimed);
    }

    /** The server knows that the phone does not hold these. */
    public void declined(Collection<Key> keys) {
        keys.forEach(asks::declined);
    }

    /** The server could not use a frame about this job: its claim or decline is left alone for a while. */
    public void refused(String jobId) {
        asks.postpone(jobId).forEach(radio::forget);
    }

    /** What is held for a SIM that takes nothing any more goes back. */
    public void reviewSlots() {
        for (Job job : context.journal().held()) {
            String objection = objection(job);
            if (objection != null) {
                giveBack(List.of(job.key()), objection);
            }
        }
    }

    /** It goes out by the SIM for which it was claimed: by no other that is in the slot now, and not from another slot. */
    private String objection(Job job) {
        String objection = slots.objection(job.simSlot());
        return objection == null && slots.simIn(job.simSlot()) != job.sim() ? "no-such-sim" : objection;
    }

    /** Declines jobs that the radio has not seen, once they are out of the journal. */
    public void giveBack(Collection<Key> keys, String reason) {
        declines.giveBack(keys, reason);
    }

    /** Before the phone stops: gives back all that it holds and takes no more. */
    public void close() {
        isClosing = true;
        List<Key> held = new ArrayList<>();
        context.journal().held().forEach(job -> held.add(job.key()));
        giveBack(held, "shutdown");
    }

    private void giveBackExpired() {
        List<Key> expired = asks.expired();
        expired.forEach(declines::settle);
        giveBack(expired, "expired");
    }

    private void go(List<Key> keys) {
        keys.forEach(declines::settle);
        List<Job> cleared;
        try {
            cleared = keys.isEmpty() ? List.of() : context.journal().clear(keys);
        } catch (JournalException full) {
            giveBack(keys, JOURNAL_FAILED);
            context.events().emit("journal_failed", "reason", full.getMessage());
            return;
        }
        if (!cleared.isEmpty()) {
            context.probe().at("after_go");
            take(cleared);
        }
        Set<Key> taken = new HashSet<>();
        cleared.forEach(job -> taken.add(job.key()));
        for (Key key : keys) {
            if (!taken.contains(key) && context.journal().get(key) == null) {
                goUnheld(key);
            }
        }
    }

    private void take(List<Job> cleared) {
        List<Job> usable = new ArrayList<>();
        for (Job job : cleared) {
            String objection = objection(job);
            if (objection == null) {
                usable.add(job);
            } else {
                giveBack(List.of(job.key()), objection);
            }
        }
        radio.enqueue(usable);
    }

    private void goUnheld(Key key) {
        if (context.journal().adopt(key)) {
            wakeReporter.run();
        } else {
            declines.decline(key, "unknown-claim");
        }
    }

    private void gone(Map<Key, String> reasons) {
        reasons.forEach((key, reason) -> {
            Job job = context.journal().get(key);
            // After a `go` the server may count on this phone: it hears that the job is not held here any more.
            if (declines.drop(key, reason) && job.state() == State.CLEARED) {
                declines.decline(key, "unknown-claim");
            }
        });
    }
}
