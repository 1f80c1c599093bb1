package dev.smskit.phone;

import dev.smskit.phone.connection.Connector;
import dev.smskit.phone.connection.Forwarder;
import dev.smskit.phone.connection.Reporter;
import dev.smskit.phone.connection.Session;
import dev.smskit.phone.inbound.InboundMessage;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.journal.Owed;
import dev.smskit.phone.pairing.Credentials;
import dev.smskit.phone.platform.AndroidDevice;
import dev.smskit.phone.sending.ClaimDesk;
import dev.smskit.phone.sending.Limits;
import dev.smskit.phone.sending.Modem;
import dev.smskit.phone.sending.Radio;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A paired phone: one journal, its radios, and a connection that is made again whenever it breaks.
 *
 * <p>Made once in a process, whatever the process was started for: what the radio had when the last one died is Unknown
 * from then on. Its methods may be called from any thread unless they say otherwise.
 */
public final class Phone {
    /** Told on the loop. */
    public interface Listener {
        /** Something that a person may see is another. */
        void changed();

        /** The device may have to be woken for the next heartbeat. */
        void heartbeatDueAt(long uptime);

        /** The server has ended the pairing. */
        void revoked();
    }

    private final Context context;
    private final AndroidDevice device;
    private final Listener listener;
    private final Reporter reporter;
    private final Forwarder forwarder;
    private final Radio radio;
    private final ClaimDesk desk;
    private final Connector connector;
    private final Insistence arrivals;
    private final Housekeeping housekeeping;
    private volatile int refusedStatus;
    private volatile long connectedAt = -1;
    private volatile boolean isRevoked;

    public Phone(
            Context context, AndroidDevice device, Modem modem, Limits limits, Credentials credentials, Listener listener) {
        this.context = context;
        this.device = device;
        this.listener = listener;
        reporter = new Reporter(context);
        forwarder = new Forwarder(context);
        arrivals = new Insistence(context);
        radio = new Radio(context, modem, limits, new Radio.Others() {
            @Override
            public void giveBack(List<Key> keys, String reason) {
                desk.giveBack(keys, reason);
            }

            @Override
            public void wakeReporter() {
                reporter.wake();
                listener.changed();
            }
        });
        desk = new ClaimDesk(context, radio, device, reporter::wake);
        connector = new Connector(
                context, credentials.webSocketUrl(), credentials.deviceToken(), this::session, connections());
        housekeeping = new Housekeeping(context);
        for (Key key : context.journal().recover(context.clock().stamp())) {
            context.events().emit("unknown", "jobId", key.jobId());
        }
    }

    private Session session(dev.smskit.phone.connection.Link link, Consumer<Session.Ending> onEnd) {
        Session.Listener sessions = new Session.Listener() {
            @Override
            public void welcomed() {
                refusedStatus = 0;
                connectedAt = context.loop().now();
                connector.welcomed();
                listener.changed();
            }

            @Override
            public void heartbeatDueAt(long uptime) {
                listener.heartbeatDueAt(uptime);
            }

            @Override
            public void enabled(Map<Integer, Boolean> sims) {
                device.enable(sims);
                listener.changed();
            }
        };
        return new Session(context, device, new Session.Desks(desk, reporter, forwarder, sessions), link, onEnd);
    }

    private Connector.Listener connections() {
        return new Connector.Listener() {
            @Override
            public void disconnected(Session.Ending ending, int status) {
                connectedAt = -1;
                refusedStatus = status;
                listener.changed();
            }

            @Override
            public void revoked() {
                // Nobody would hear of what goes out now.
                desk.close();
                isRevoked = true;
                listener.revoked();
            }
        };
    }

    /** Connects, and stays connected. */
    public void start() {
        context.loop().post(connector::start);
        context.loop().post(housekeeping::start);
    }

    /** Ends the connection; what is under way is in the journal. */
    public void stop() {
        context.loop().post(() -> {
            housekeeping.stop();
            connector.stop();
        });
    }

    /** Ends the connection without a word, as when the process dies. */
    void cut() {
        connector.cut();
    }

    /**
     * Takes no more, gives back what is not sent, and tells what there is to tell, for as long as that may take; then
     * says what is left untold. Connects for it if it must.
     */
    public void takeLeave(Consumer<Owed> done) {
        context.loop().post(() -> {
            desk.close();
            connector.start();
            connector.checkUp();
            awaitTold(context.loop().now() + context.timings().farewell, done);
        });
    }

    private void awaitTold(long until, Consumer<Owed> done) {
        boolean isTold = desk.isIdle() && context.journal().owed().isNothing();
        if (isTold || context.loop().now() >= until) {
            done.accept(context.journal().owed());
        } else {
            context.loop().after(50, () -> awaitTold(until, done));
        }
    }

    /** An SMS has come in: it is in the journal when this returns, unless the disk is full. */
    public void received(String sender, int simSlot, String content) {
        InboundMessage message = new InboundMessage(sender, simSlot, content, context.clock().stamp());
        List<InboundMessage.Item> items = message.items("pm_" + UUID.randomUUID());
        context.probe().at("after_inbound_read");
        arrivals.write(() -> {
            context.journal().arrivals.add(items);
            context.probe().at("after_inbound_journaled");
            context.events().emit("received", "simSlot", simSlot);
            context.loop().post(this::forward);
        });
    }

    private void forward() {
        forwarder.wake();
        listener.changed();
    }

    /** SIMs were taken out, put in, or switched on or off: the server hears of it in a new hello. */
    public void simsChanged() {
        context.loop().post(() -> {
            desk.reviewSlots();
            connector.renew();
            listener.changed();
        });
    }

    /** The operator paused the phone, or lets it go on; or a permission has changed. */
    public void readinessChanged() {
        context.loop().post(() -> {
            desk.reviewSlots();
            if (connector.session() != null) {
                connector.session().beat();
            }
            listener.changed();
        });
    }

    public void networkChanged(boolean isThere) {
        context.loop().post(() -> {
            connector.networkChanged(isThere);
            listener.changed();
        });
    }

    /** The device was woken for a heartbeat. */
    public void checkUp() {
        context.loop().post(connector::checkUp);
    }

    public Radio radio() {
        return radio;
    }

    public String journalId() {
        return context.journal().journalId();
    }

    /** When the server said welcome on this connection, as the wall clock counts now, to the second; 0 while there is none. */
    public long connectedSince() {
        long at = connectedAt;
        return at < 0 ? 0 : (System.currentTimeMillis() - (context.loop().now() - at)) / 1_000 * 1_000;
    }

    /** Whether the server has ended the pairing since this phone was opened. */
    public boolean isRevoked() {
        return isRevoked;
    }

    /** With which HTTP status the server refused the last attempt to connect; 0 if it did not. */
    public int refusedStatus() {
        return refusedStatus;
    }
}
