package dev.smskit.phone.connection;

import dev.smskit.phone.Context;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.journal.Outbox;
import dev.smskit.phone.protocol.Frames;

/** Empties the outbox: tells the server what became of its jobs. Outlives connections. */
public final class Reporter {
    private final Context context;
    private final Outbox outbox;
    private final Courier courier;

    public Reporter(Context context) {
        this.context = context;
        outbox = context.journal().outbox;
        courier = new Courier(context, new Courier.Store() {
            @Override
            public Courier.Numbered next() {
                return nextFrame();
            }

            @Override
            public void postpone(long seq) {
                outbox.postpone(seq);
            }
        });
    }

    private Courier.Numbered nextFrame() {
        Outbox.Batch batch = outbox.nextBatch();
        return batch == null ? null
                : new Courier.Numbered(batch.seq(), "report", Frames.report(batch.seq(), batch.reports()));
    }

    void use(Link link) {
        courier.use(link);
    }

    /** Whether the server has acknowledged everything. */
    public boolean isIdle() {
        return outbox.isEmpty();
    }

    /** There is something new in the outbox. */
    public void wake() {
        courier.wake();
    }

    /** The server has taken this batch. */
    void acknowledged(long seq) {
        context.probe().at("before_ack");
        outbox.acknowledge(seq);
        courier.answered(seq, false);
    }

    /** The server can't use this batch. */
    void refused(long seq) {
        Key givenUp = outbox.refuse(seq);
        if (givenUp != null) {
            context.events().emit("report_given_up", "jobId", givenUp.jobId());
        }
        courier.answered(seq, true);
    }
}
