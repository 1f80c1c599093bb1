package dev.smskit.phone;

import android.app.Application;
import android.content.Intent;
import android.content.pm.ApplicationInfo;
import android.os.SystemClock;
import dev.smskit.phone.clock.ServerClock;
import dev.smskit.phone.clock.Task;
import dev.smskit.phone.clock.ThreadLoop;
import dev.smskit.phone.journal.Journal;
import dev.smskit.phone.journal.JournalException;
import dev.smskit.phone.pairing.Addresses;
import dev.smskit.phone.pairing.CredentialStore;
import dev.smskit.phone.pairing.Credentials;
import dev.smskit.phone.platform.AndroidDevice;
import dev.smskit.phone.platform.Awake;
import dev.smskit.phone.platform.EventLog;
import dev.smskit.phone.platform.HeartbeatAlarm;
import dev.smskit.phone.platform.Permissions;
import dev.smskit.phone.platform.PhoneService;
import dev.smskit.phone.platform.Preferences;
import dev.smskit.phone.platform.Sims;
import dev.smskit.phone.sending.AndroidModem;
import dev.smskit.phone.sending.Limits;
import dev.smskit.phone.sending.Modem;
import dev.smskit.phone.status.StatusBoard;
import dev.smskit.phone.status.StatusWriter;

/** The process: what there is once in it, and the phone while there is one. */
public class App extends Application implements Phone.Listener {
    private static final long HOUR = 3_600_000L;
    private static final long STATUS_EVERY = 200;

    private Permissions permissions;
    private Sims sims;
    private Preferences preferences;
    private CredentialStore credentials;
    private EventLog events;
    private StatusBoard board;
    private ThreadLoop loop;
    private Task status;
    private Journal journal;
    private AndroidDevice device;
    private Limits limits;
    private Phone phone;
    private volatile boolean isServing;
    private volatile long journalOkAt;

    public static App of(android.content.Context context) {
        return (App) context.getApplicationContext();
    }

    @Override
    public void onCreate() {
        super.onCreate();
        permissions = new Permissions(this);
        sims = new Sims(this, permissions);
        preferences = new Preferences(this);
        credentials = new CredentialStore(this);
        events = new EventLog(this);
        board = new StatusBoard();
        StatusWriter writer = new StatusWriter(this);
        Awake awake = new Awake(this);
        loop = new ThreadLoop(
                this::uptime, defect -> events.emit("defect", "kind", defect.getClass().getSimpleName(), "at", place(defect)),
                awake::briefly);
        status = new Task(loop, () -> board.show(writer.write()));
        changed();
    }

    private static StackTraceElement place(Throwable defect) {
        return defect.getStackTrace().length == 0 ? null : defect.getStackTrace()[0];
    }

    /** Milliseconds that no one can set, and that count while the device sleeps. */
    protected long uptime() {
        return SystemClock.elapsedRealtime();
    }

    protected Timings timings() {
        return new Timings();
    }

    protected Context.Probe probe() {
        return step -> { };
    }

    protected Modem modem(String journalId) {
        return new AndroidModem(this, sims, journalId);
    }

    /** Null while there is no usable pairing, or the journal can't be opened. */
    public synchronized Phone phone() {
        Credentials known = phone == null ? credentials.load() : null;
        if (known != null && !known.isRevoked()) {
            try {
                open(known);
            } catch (JournalException full) {
                events.emit("journal_failed", "reason", full.getMessage());
            }
        }
        return phone;
    }

    private void open(Credentials known) {
        Journal opened = new Journal(this, known.deviceId());
        ServerClock clock = new ServerClock(loop::now);
        limits = new Limits(loop, clock, opened.usage.last(HOUR), preferences.partsPerHour());
        device = new AndroidDevice(this, sims, permissions, preferences, limits);
        Context context = new Context(opened, loop, clock, timings(), this::emit, probe());
        phone = new Phone(context, device, modem(opened.journalId()), limits, known, this);
        journal = opened;
    }

    private void emit(String event, Object... fields) {
        events.emit(event, fields);
        if (event.equals(EventLog.JOURNAL_FAILED)) {
            journalOkAt = loop.now() + timings().fullDiskShown;
            changed();
            loop.after(timings().fullDiskShown, this::changed);
        }
    }

    /** Closes the phone; the next call of {@link #phone} opens another if there is a pairing. */
    public synchronized void close() {
        if (phone != null) {
            phone.stop();
            Journal closing = journal;
            loop.post(closing::close);
        }
        phone = null;
        journal = null;
    }

    /** Lets go of the phone as it is, without a word to it. */
    protected synchronized void abandon() {
        if (phone != null) {
            phone.cut();
            journal.close();
        }
        phone = null;
        journal = null;
    }

    /** A paired phone serves, from wherever Android lets it begin. */
    public void keepServing() {
        Phone opened = phone();
        if (opened == null || opened.isRevoked()) {
            return;
        }
        try {
            startForegroundService(new Intent(this, PhoneService.class));
        } catch (IllegalStateException notAllowed) { // Android 12 and later, from the background
            events.emit("service_not_allowed");
            opened.start();
        }
    }

    @Override
    public void changed() {
        loop.post(() -> status.within(STATUS_EVERY));
    }

    @Override
    public void heartbeatDueAt(long uptime) {
        HeartbeatAlarm.set(this, permissions, uptime);
    }

    @Override
    public void revoked() {
        events.emit("revoked");
        Credentials known = credentials.load();
        if (known != null) {
            credentials.save(known.revoked());
        }
        stopService(new Intent(this, PhoneService.class));
        HeartbeatAlarm.cancel(this);
        changed();
    }

    /** Whether something couldn't be written to the journal lately. */
    public boolean hasJournalFailed() {
        return loop.now() < journalOkAt;
    }

    public Permissions permissions() {
        return permissions;
    }

    public Sims sims() {
        return sims;
    }

    public Preferences preferences() {
        return preferences;
    }

    public CredentialStore credentials() {
        return credentials;
    }

    public EventLog events() {
        return events;
    }

    public StatusBoard board() {
        return board;
    }

    /** Of the phone; null without one. */
    public synchronized Journal journal() {
        return journal;
    }

    /** Of the phone; null without one. */
    public synchronized AndroidDevice device() {
        return device;
    }

    /** Of the phone; null without one. */
    public synchronized Limits limits() {
        return limits;
    }

    public ThreadLoop loop() {
        return loop;
    }

    public Addresses addresses() {
        return new Addresses((getApplicationInfo().flags & ApplicationInfo.FLAG_DEBUGGABLE) != 0);
    }

    public boolean isServing() {
        return isServing;
    }

    public void setServing(boolean serving) {
        isServing = serving;
        changed();
    }

    /** Never called on a device: there a process just dies. */
    @Override
    public void onTerminate() {
        close();
        loop.halt();
        super.onTerminate();
    }
}
