package dev.smskit.phone.connection;

import dev.smskit.phone.Context;
import dev.smskit.phone.journal.Arrivals;
import dev.smskit.phone.protocol.Frames;

/** Hands the SMS that came in to the server. Outlives connections: each stays in the journal until it is acknowledged. */
public final class Forwarder {
    private final Context context;
    private final Arrivals arrivals;
    private final Courier courier;

    public Forwarder(Context context) {
        this.context = context;
        arrivals = context.journal().arrivals;
        courier = new Courier(context, new Courier.Store() {
            @Override
            public Courier.Numbered next() {
                return nextFrame();
            }

            @Override
            public void postpone(long seq) {
                arrivals.postpone(seq);
            }
        });
    }

    private Courier.Numbered nextFrame() {
        Arrivals.Frame frame = arrivals.nextFrame();
        return frame == null ? null
                : new Courier.Numbered(frame.seq(), "received", Frames.received(frame.seq(), frame.messages()));
    }

    void use(Link link) {
        courier.use(link);
    }

    /** Whether the server has every message that it can use. */
    public boolean isIdle() {
        return arrivals.waiting() == 0;
    }

    /** A message has come in. */
    public void wake() {
        courier.wake();
    }

    /** The server has stored a frame's messages. False: the number is not of a {@code received} frame that waits. */
    boolean acknowledged(long seq) {
        if (!arrivals.holds(seq)) {
            return false;
        }
        context.probe().at("before_received_ack");
        context.events().emit("forwarded", "seq", seq, "messages", arrivals.acknowledge(seq));
        courier.answered(seq, false);
        return true;
    }

    /** The server can't use a frame. False: the number is not of a {@code received} frame that waits. */
    boolean refused(long seq) {
        if (!arrivals.holds(seq)) {
            return false;
        }
        if (arrivals.refuse(seq)) {
            context.events().emit("received_set_aside", "reason", "refused");
        }
        courier.answered(seq, true);
        return true;
    }
}
