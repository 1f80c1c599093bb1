package dev.smskit.phone.connection;

import dev.smskit.phone.Context;
import dev.smskit.phone.clock.Loop;
import dev.smskit.phone.clock.Questions;
import dev.smskit.phone.clock.Task;
import dev.smskit.phone.journal.JournalException;
import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.FrameParser;
import dev.smskit.phone.protocol.Frames;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.protocol.ServerFrame;
import dev.smskit.phone.protocol.ServerFrame.Ack;
import dev.smskit.phone.protocol.ServerFrame.Claimed;
import dev.smskit.phone.protocol.ServerFrame.Declined;
import dev.smskit.phone.protocol.ServerFrame.HeartbeatAck;
import dev.smskit.phone.protocol.ServerFrame.Offers;
import dev.smskit.phone.protocol.ServerFrame.Revoked;
import dev.smskit.phone.protocol.ServerFrame.ServerError;
import dev.smskit.phone.protocol.ServerFrame.Settings;
import dev.smskit.phone.protocol.ServerFrame.Welcome;
import dev.smskit.phone.sending.ClaimDesk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** One connection's life: hello first, then frames both ways until it ends. */
public final class Session {
    /** Why a connection is over. */
    public enum Ending { CLOSED, NO_WELCOME, NO_ANSWER, PLANNED, REVOKED }

    /** The parts of the phone that outlive its connections, and who is told of this one. */
    public record Desks(ClaimDesk claims, Reporter reporter, Forwarder forwarder, Listener listener) {
    }

    /** Hears what concerns more than this connection. */
    public interface Listener {
        void welcomed();

        /** When the next heartbeat is due: the device may have to be woken for it. */
        void heartbeatDueAt(long uptime);

        void enabled(Map<Integer, Boolean> sims);
    }

    private final Context context;
    private final Device device;
    private final Desks desks;
    private final Link link;
    private final Consumer<Ending> onEnd;
    private final List<ServerFrame> early = new ArrayList<>();
    private final List<Loop.Timer> timers = new ArrayList<>();
    private final Questions questions = new Questions();
    private final Task beat;
    private List<Device.Sim> saidSims = List.of();
    private boolean isWelcome;
    private boolean isOver;
    private boolean isBeatUnderWay;
    private boolean isBeatWanted;
    private long heartbeatMillis = 300_000;
    private long dueAt = Long.MAX_VALUE;
    private long heardAt;
    private long lastBeatAt;

    public Session(Context context, Device device, Desks desks, Link link, Consumer<Ending> onEnd) {
        this.context = context;
        this.device = device;
        this.desks = desks;
        this.link = link;
        this.onEnd = onEnd;
        beat = new Task(context.loop(), this::beatIfDue);
    }

    /** Says hello, once. */
    public void begin() {
        timers.add(context.loop().after(context.timings().helloTimeout, () -> {
            if (!isWelcome) {
                end(Ending.NO_WELCOME);
            }
        }));
        questions.ask(context.loop().now());
        saidSims = device.sims();
        link.send(Json.write(Words.hello(context, device, saidSims)));
    }

    /** Ends the connection, once. */
    public void end(Ending ending) {
        if (isOver) {
            return;
        }
        isOver = true;
        beat.cancel();
        timers.forEach(Loop.Timer::cancel);
        for (Consumer<Link> desk : List.<Consumer<Link>>of(desks.claims::use, desks.reporter::use, desks.forwarder::use)) {
            desk.accept(null);
        }
        link.close();
        onEnd.accept(ending);
    }

    /** What the server says. A frame that is unknown or can't be used is passed over. */
    public void heard(String text) {
        heardAt = context.loop().now();
        if (isOver) {
            return;
        }
        try {
            ServerFrame frame = FrameParser.parse(text);
            if (frame instanceof Revoked) {
                end(Ending.REVOKED);
            } else if (frame instanceof Welcome welcome) {
                welcome(welcome);
            } else if (frame != null && isWelcome) {
                handle(frame);
            } else if (frame != null && early.size() < Frames.OPEN_ITEMS) {
                // An offer may overtake the welcome; it waits until the clock is known and the open jobs are resolved.
                early.add(frame);
            }
        } catch (BadFrameException error) {
            context.events().emit("bad_frame", "reason", error.getMessage());
        } catch (JournalException full) {
            // An answer that can't be journaled is as if it were lost: the phone says its frame again.
            context.events().emit("journal_failed", "reason", full.getMessage());
        }
    }

    private void welcome(Welcome frame) {
        learnTime(frame.serverTime());
        heartbeatMillis = frame.heartbeatSeconds() * 1000;
        desks.claims.resolved(frame.resolve());
        if (isWelcome) {
            return;
        }
        isWelcome = true;
        desks.claims.use(link);
        desks.reporter.use(link);
        desks.forwarder.use(link);
        desks.listener.welcomed();
        long least = context.timings().lifetimeLeast;
        long lifetime = least + (long) (Math.random() * (context.timings().lifetimeMost - least));
        timers.add(context.loop().after(lifetime, () -> end(Ending.PLANNED)));
        planBeat();
        List<ServerFrame> waiting = new ArrayList<>(early);
        early.clear();
        waiting.forEach(this::handle);
    }

    private void handle(ServerFrame frame) {
        if (frame instanceof Offers offers) {
            desks.claims.offered(offers.offers());
        } else if (frame instanceof Claimed claimed) {
            desks.claims.decided(claimed.verdicts());
        } else if (frame instanceof Declined declined) {
            desks.claims.declined(declined.keys());
        } else if (frame instanceof Ack ack) {
            if (!desks.forwarder.acknowledged(ack.seq())) {
                desks.reporter.acknowledged(ack.seq());
            }
        } else if (frame instanceof HeartbeatAck ack) {
            learnTime(ack.serverTime());
            beatAnswered();
        } else if (frame instanceof Settings settings) {
            configure(settings);
        } else if (frame instanceof ServerError error) {
            refused(error);
        }
    }

    private void configure(Settings settings) {
        if (settings.heartbeatSeconds() > 0) {
            heartbeatMillis = settings.heartbeatSeconds() * 1000;
            planBeat();
        }
        desks.listener.enabled(settings.enabled());
        desks.claims.reviewSlots();
    }

    private void refused(ServerError error) {
        context.events().emit("server_error", "seq", error.seq(), "jobId", error.jobId());
        if (error.jobId() != null) {
            desks.claims.refused(error.jobId());
        } else if (error.seq() != 0 && !desks.forwarder.refused(error.seq())) {
            desks.reporter.refused(error.seq());
        }
    }

    private void learnTime(long serverTime) {
        questions.answered().ifPresent(askedAt -> context.clock().learn(serverTime, askedAt));
    }

    private void planBeat() {
        dueAt = context.loop().now() + (long) (heartbeatMillis * (0.9 + Math.random() * 0.1));
        beat.cancel();
        beat.within(dueAt - context.loop().now());
        desks.listener.heartbeatDueAt(dueAt);
    }

    /** A timer of the sleeping device may be late: an alarm asks as well. */
    public void beatIfDue() {
        if (!isOver && isWelcome && context.loop().now() >= dueAt) {
            beat();
        } else if (!isOver && isWelcome) {
            beat.within(dueAt - context.loop().now());
        }
    }

    /**
     * Tells the server how the phone is doing: now, or once the last heartbeat is answered. The server handles frames side
     * by side, and the older of two words about a SIM would stand if it were handled last. Of other SIMs than it knows the
     * server hears in a new hello.
     */
    public void beat() {
        // By the clock that counts through sleep: a timer of the sleeping device doesn't run.
        boolean isAwaited = isBeatUnderWay && context.loop().now() - lastBeatAt < context.timings().answerTimeout;
        if (isOver || !isWelcome || isAwaited) {
            isBeatWanted = isAwaited;
            return;
        }
        // Android may not have told: the app wasn't permitted to see its SIMs when it said hello, or wasn't asked then.
        if (!device.sims().equals(saidSims)) {
            end(Ending.PLANNED);
            return;
        }
        isBeatUnderWay = true;
        long beatenAt = context.loop().now();
        lastBeatAt = beatenAt;
        questions.ask(beatenAt);
        link.send(Json.write(Words.heartbeat(device)));
        // A socket can look open long after the network has gone: a heartbeat that gets no answer tells.
        timers.add(context.loop().after(context.timings().answerTimeout, () -> {
            if (heardAt < beatenAt) {
                end(Ending.NO_ANSWER);
            } else if (lastBeatAt == beatenAt) {
                beatAnswered();
            }
        }));
        planBeat();
    }

    private void beatAnswered() {
        isBeatUnderWay = false;
        if (isBeatWanted) {
            isBeatWanted = false;
            beat();
        }
    }
}
