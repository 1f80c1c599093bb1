package dev.smskit.phone.connection;

import dev.smskit.phone.Context;
import dev.smskit.phone.clock.Loop;
import dev.smskit.phone.clock.Task;
import dev.smskit.phone.journal.JournalException;

/**
 * Sends frames that are numbered by {@code seq}: one under way at a time, each until it is answered.
 *
 * <p>Outlives connections; what was under way when one broke is sent again on the next, under the same seq.
 */
final class Courier {
    private static final int SENDS_BEFORE_POSTPONED = 5;

    /** A frame of a store, which gives the same one until it is answered. */
    record Numbered(long seq, String type, String text) {
    }

    /** Where the frames come from: {@code postpone} takes the seq of one that the server never answers. */
    interface Store {
        /** Null if there is nothing to send. */
        Numbered next();

        void postpone(long seq);
    }

    private final Context context;
    private final Store store;
    private final Task pump;
    private Link link;
    private Numbered underWay;
    private int sends;
    private Loop.Timer resend;

    Courier(Context context, Store store) {
        this.context = context;
        this.store = store;
        pump = new Task(context.loop(), this::pump);
    }

    /** From now on frames go there; null for nowhere. */
    void use(Link to) {
        link = to;
        stopWaiting();
        if (to == null) {
            pump.cancel();
        } else {
            pump.within(0);
        }
    }

    /** There is something new to send. */
    void wake() {
        if (link != null && underWay == null) {
            pump.within(0);
        }
    }

    /** The server has taken or refused a frame; the next one may go. */
    void answered(long seq, boolean wasRefused) {
        if (underWay == null || underWay.seq() != seq) {
            return;
        }
        stopWaiting();
        // The server closes a connection with 20 errors in a minute.
        pump.within(wasRefused ? context.timings().errorSpacing : 0);
    }

    private void stopWaiting() {
        if (resend != null) {
            resend.cancel();
            resend = null;
        }
        underWay = null;
        sends = 0;
    }

    private void pump() {
        if (link == null || underWay != null) {
            return;
        }
        try {
            underWay = store.next();
        } catch (JournalException full) {
            context.events().emit("journal_failed", "reason", full.getMessage());
            pump.within(context.timings().journalAgain);
            return;
        }
        if (underWay != null) {
            send();
        }
    }

    private void send() {
        sends++;
        resend = context.loop().after(context.timings().reportResend, this::notAnswered);
        context.probe().at("before_" + underWay.type());
        link.send(underWay.text());
        context.probe().at("after_" + underWay.type());
    }

    private void notAnswered() {
        if (sends < SENDS_BEFORE_POSTPONED) {
            send();
            return;
        }
        long seq = underWay.seq();
        stopWaiting();
        try {
            store.postpone(seq);
        } catch (JournalException full) {
            context.events().emit("journal_failed", "reason", full.getMessage());
        }
        pump.within(0);
    }
}
