package dev.smskit.phone.sending;

import dev.smskit.phone.Context;
import dev.smskit.phone.Insistence;
import dev.smskit.phone.clock.Loop;
import dev.smskit.phone.clock.Task;
import dev.smskit.phone.jobs.Failure;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.jobs.State;
import dev.smskit.phone.journal.JournalException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends cleared jobs: one at a time on each SIM, the highest priority first.
 *
 * <p>Outlives connections: what is cleared is sent, and journaled, while the phone is offline too.
 */
public final class Radio {
    /** What the radio asks of others. */
    public interface Others {
        /** Jobs that the radio hasn't seen go back to the server. */
        void giveBack(List<Key> keys, String reason);

        /** There is something new in the outbox. */
        void wakeReporter();
    }

    private final class Lane {
        final int simSlot;
        final Line line;
        final Task turn;
        Key busy;
        Loop.Timer silence;

        Lane(int simSlot) {
            this.simSlot = simSlot;
            line = new Line(context.loop(), context.timings().urgentPatience);
            turn = new Task(context.loop(), () -> begin(this));
        }
    }

    private final Context context;
    private final Modem modem;
    private final Limits limits;
    private final Others others;
    private final Insistence insistence;
    private final Map<Integer, Lane> lanes = new HashMap<>();

    public Radio(Context context, Modem modem, Limits limits, Others others) {
        this.context = context;
        this.modem = modem;
        this.limits = limits;
        this.others = others;
        insistence = new Insistence(context);
    }

    /** Whether no radio has a message that it hasn't answered for. */
    public boolean isIdle() {
        return lanes.values().stream().allMatch(lane -> lane.busy == null);
    }

    /** Takes cleared jobs, all of them before a radio may begin one. */
    void enqueue(Collection<Job> jobs) {
        jobs.forEach(job -> lane(job.simSlot()).line.add(job));
        jobs.forEach(job -> lane(job.simSlot()).turn.within(0));
    }

    /** An urgent offer is being claimed: lesser jobs of its SIM wait for the answer. */
    void expect(Offer offer) {
        lane(offer.simSlot()).line.expect(offer.key(), offer.priority());
    }

    /** A claim is decided, or given up. */
    void forget(Key key) {
        for (Lane lane : lanes.values()) {
            lane.line.forget(key);
            lane.turn.within(0);
        }
    }

    /**
     * The radio has sent a part, or refused it with {@code code}; null for sent. From any thread; on the disk when this
     * returns, unless the disk is full.
     */
    public void partSent(Key key, int part, String code) {
        String at = context.clock().stamp();
        insistence.write(() -> changed(key, context.journal().partSent(key, part, code, at)));
    }

    /** The network's last word on a part. From any thread; on the disk when this returns, unless the disk is full. */
    public void partDelivered(Key key, int part, boolean isDelivered) {
        String at = context.clock().stamp();
        insistence.write(() -> changed(key, context.journal().partDelivered(key, part, isDelivered, at)));
    }

    private void changed(Key key, boolean hasNewState) {
        if (!hasNewState) {
            return;
        }
        context.probe().at("after_report_written");
        Job job = context.journal().get(key);
        if (job != null) {
            String code = job.failure() == null ? null : job.failure().code();
            context.events().emit(
                    job.state().word.toLowerCase(java.util.Locale.ROOT), "jobId", key.jobId(), "simSlot", job.simSlot(),
                    "code", code);
        }
        context.loop().post(() -> answered(key));
    }

    private void answered(Key key) {
        for (Lane lane : lanes.values()) {
            if (key.equals(lane.busy)) {
                lane.busy = null;
                lane.silence.cancel();
                lane.turn.within(0);
            }
        }
        others.wakeReporter();
    }

    private Lane lane(int simSlot) {
        return lanes.computeIfAbsent(simSlot, Lane::new);
    }

    private void begin(Lane lane) {
        Key key = lane.busy == null ? lane.line.peek() : null;
        if (key == null) {
            if (lane.busy == null && lane.line.patienceLeft() >= 0) {
                lane.turn.within(lane.line.patienceLeft());
            }
            return;
        }
        Job job = context.journal().get(key);
        if (job == null || job.state() != State.CLEARED) {
            lane.line.take(key);
        } else if (context.clock().passed(job.expiresAt())) {
            lane.line.take(key);
            others.giveBack(List.of(key), "expired");
        } else {
            long pause = divideAndSend(lane, job);
            if (pause > 0) {
                lane.turn.within(Math.min(pause, 1_000));
                return;
            }
        }
        lane.turn.within(0);
    }

    /** Sends it, or says in how many milliseconds the limits let it. */
    private long divideAndSend(Lane lane, Job job) {
        List<String> parts;
        try {
            parts = modem.divide(job);
            if (limits.isTooLong(parts.size())) {
                throw new Modem.RefusedException(
                        "limit_exceeded", parts.size() + " parts are more than Android lets an app send at a time");
            }
        } catch (Modem.RefusedException refused) {
            lane.line.take(job.key());
            refuse(job, refused);
            return 0;
        }
        long pause = limits.pause(lane.simSlot, parts.size());
        if (pause == 0) {
            lane.line.take(job.key());
            send(lane, job, parts);
        }
        return pause;
    }

    private void refuse(Job job, Modem.RefusedException refused) {
        if (beginSending(job.key(), 1)) {
            conclude(job.key(), State.FAILED, new Failure(refused.code, refused.getMessage()));
        }
    }

    private boolean beginSending(Key key, int parts) {
        try {
            if (context.journal().beginSending(key, parts, context.clock().stamp())) {
                return true;
            }
            others.wakeReporter();
        } catch (JournalException full) {
            context.events().emit("journal_failed", "reason", full.getMessage());
            others.giveBack(List.of(key), ClaimDesk.JOURNAL_FAILED);
        }
        return false;
    }

    private void send(Lane lane, Job job, List<String> parts) {
        Key key = job.key();
        if (!beginSending(key, parts.size())) {
            return;
        }
        limits.use(lane.simSlot, parts.size());
        lane.busy = key;
        lane.silence = context.loop().after(context.timings().radioSilence, () -> conclude(
                key, State.UNKNOWN, Failure.unknown("the radio did not say what became of the message")));
        context.probe().at("after_sending_journaled");
        try {
            modem.send(job, parts);
            context.events().emit("handed_over", "jobId", key.jobId(), "simSlot", lane.simSlot, "parts", parts.size());
        } catch (Modem.RefusedException refused) {
            conclude(key, State.FAILED, new Failure(refused.code, refused.getMessage()));
        } catch (RuntimeException defect) { // the message may be out or not, and the phone must go on
            conclude(key, State.UNKNOWN, Failure.unknown("handing over failed with " + defect.getClass().getSimpleName()));
        }
        context.probe().at("after_radio");
    }

    private void conclude(Key key, State state, Failure failure) {
        String at = context.clock().stamp();
        insistence.write(() -> changed(key, context.journal().finish(key.jobId(), state, at, failure)));
    }
}
