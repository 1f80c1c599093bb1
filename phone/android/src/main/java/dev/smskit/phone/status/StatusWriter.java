package dev.smskit.phone.status;

import dev.smskit.phone.App;
import dev.smskit.phone.Phone;
import dev.smskit.phone.connection.Device;
import dev.smskit.phone.jobs.State;
import dev.smskit.phone.journal.History;
import dev.smskit.phone.journal.Journal;
import dev.smskit.phone.journal.JournalException;
import dev.smskit.phone.journal.Owed;
import dev.smskit.phone.journal.Usage;
import dev.smskit.phone.pairing.Credentials;
import dev.smskit.phone.platform.Permissions;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes snapshots of the phone. */
public final class StatusWriter {
    private static final int LATEST = 20;

    private final App app;

    public StatusWriter(App app) {
        this.app = app;
    }

    /** As it is now. Reads the journal: not for the main thread. */
    public StatusSnapshot write() {
        Credentials credentials = app.credentials().load();
        Phone phone = app.phone();
        if (credentials == null || phone == null) {
            return unpaired(credentials);
        }
        try {
            return paired(credentials, phone, app.journal());
        } catch (JournalException full) {
            return bare(StatusSnapshot.Pairing.PAIRED, credentials, List.of(Problem.DISK_FULL));
        }
    }

    private StatusSnapshot unpaired(Credentials credentials) {
        List<Problem> problems = new ArrayList<>();
        if (app.credentials().isKeyLost()) {
            problems.add(Problem.KEY_LOST);
        }
        if (credentials == null) {
            return bare(StatusSnapshot.Pairing.UNPAIRED, null, problems);
        }
        problems.add(credentials.isRevoked() ? Problem.REVOKED : Problem.DISK_FULL);
        return bare(pairing(credentials), credentials, problems);
    }

    private StatusSnapshot bare(StatusSnapshot.Pairing pairing, Credentials credentials, List<Problem> problems) {
        return new StatusSnapshot(
                pairing, credentials == null ? null : credentials.server(),
                credentials == null ? null : credentials.deviceId(), app.isServing(), app.preferences().isPaused(), 0,
                List.of(), Map.of(), List.of(), 0, 0, 0, problems);
    }

    private static StatusSnapshot.Pairing pairing(Credentials credentials) {
        return credentials.isRevoked() ? StatusSnapshot.Pairing.REVOKED : StatusSnapshot.Pairing.PAIRED;
    }

    private StatusSnapshot paired(Credentials credentials, Phone phone, Journal journal) {
        long midnight = LocalDate.now().atStartOfDay(ZoneId.systemDefault()).toInstant().toEpochMilli();
        Map<State, Integer> today = journal.history.counts(midnight);
        List<StatusSnapshot.Message> latest = new ArrayList<>();
        for (History.Recent one : journal.history.latest(LATEST)) {
            latest.add(new StatusSnapshot.Message(
                    one.jobId(), one.state(), one.simSlot(), one.segments(), one.errorCode(), one.changedAt()));
        }
        Owed owed = journal.owed();
        int setAside = journal.arrivals.setAside();
        List<StatusSnapshot.SimStatus> sims = sims(journal, midnight);
        return new StatusSnapshot(
                pairing(credentials), credentials.server(), credentials.deviceId(), app.isServing(),
                app.preferences().isPaused(), phone.connectedSince(), sims, today, latest, (int) owed.received(), setAside,
                owed.reports(), problems(credentials, phone, sims, setAside));
    }

    private List<StatusSnapshot.SimStatus> sims(Journal journal, long midnight) {
        List<Usage.Use> uses = journal.usage.since(midnight);
        List<StatusSnapshot.SimStatus> sims = new ArrayList<>();
        for (Device.Sim sim : app.sims().present()) {
            int slot = sim.simSlot();
            sims.add(new StatusSnapshot.SimStatus(
                    slot, sim.carrierName(), app.preferences().isOn(slot), app.device().isEnabledByServer(slot),
                    app.device().isReady(slot), parts(uses, slot), app.limits().partsThisHour(slot),
                    app.preferences().partsPerHour()));
        }
        return sims;
    }

    private static int parts(List<Usage.Use> uses, int simSlot) {
        return uses.stream().filter(use -> use.simSlot() == simSlot).mapToInt(Usage.Use::parts).sum();
    }

    private List<Problem> problems(
            Credentials credentials, Phone phone, List<StatusSnapshot.SimStatus> sims, int setAside) {
        Permissions permissions = app.permissions();
        boolean isOnline = phone.connectedSince() > 0;
        boolean hasNetwork = !"none".equals(app.device().vitals().networkType());
        List<Problem> problems = new ArrayList<>();
        add(problems, credentials.isRevoked(), Problem.REVOKED);
        add(problems, !permissions.canSend(), Problem.NO_SEND_PERMISSION);
        add(problems, !permissions.canReceive(), Problem.NO_RECEIVE_PERMISSION);
        add(problems, !permissions.canSeeSims(), Problem.NO_PHONE_PERMISSION);
        add(problems, permissions.canSeeSims() && sims.isEmpty(), Problem.NO_SIM);
        add(problems, app.hasJournalFailed(), Problem.DISK_FULL);
        add(problems, app.device().isAirplaneMode(), Problem.AIRPLANE_MODE);
        add(problems, !isOnline && !hasNetwork, Problem.NO_NETWORK);
        boolean isRefused = phone.refusedStatus() == 401 || phone.refusedStatus() == 403;
        add(problems, !isOnline && isRefused, Problem.REFUSED_BY_SERVER);
        add(problems, !isOnline && hasNetwork && !isRefused && !credentials.isRevoked(), Problem.NOT_CONNECTED);
        add(problems, app.preferences().isPaused(), Problem.PAUSED);
        boolean isDisabled = sims.stream().anyMatch(sim -> sim.isOn() && !sim.isEnabledByServer());
        add(problems, isDisabled, Problem.SIM_DISABLED_BY_SERVER);
        add(problems, !app.isServing() && !credentials.isRevoked(), Problem.NOT_SERVING);
        add(problems, !permissions.ignoresBatteryOptimisation(), Problem.BATTERY_OPTIMISED);
        add(problems, !permissions.canWakeExactly(), Problem.NO_EXACT_ALARMS);
        add(problems, !permissions.canNotify(), Problem.NO_NOTIFICATIONS);
        add(problems, setAside > 0, Problem.MESSAGES_SET_ASIDE);
        return problems;
    }

    private static void add(List<Problem> problems, boolean isOne, Problem problem) {
        if (isOne) {
            problems.add(problem);
        }
    }
}
