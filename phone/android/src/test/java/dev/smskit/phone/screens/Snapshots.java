package dev.smskit.phone.screens;

import dev.smskit.phone.jobs.State;
import dev.smskit.phone.status.Problem;
import dev.smskit.phone.status.StatusSnapshot;
import dev.smskit.phone.status.StatusSnapshot.Message;
import dev.smskit.phone.status.StatusSnapshot.Pairing;
import dev.smskit.phone.status.StatusSnapshot.SimStatus;
import java.util.List;
import java.util.Map;

/** How a phone can be doing. */
final class Snapshots {
    static final String SERVER = "https://sms.example.com";
    private static final String DEVICE = "dvc_3K7J2H5F8M1N4Q9R6V0W";
    private static final long MINUTE = 60_000;

    private Snapshots() {
    }

    static StatusSnapshot unpaired(Problem... problems) {
        return new StatusSnapshot(
                Pairing.UNPAIRED, null, null, false, false, 0, List.of(), Map.of(), List.of(), 0, 0, 0, List.of(problems));
    }

    static StatusSnapshot revoked() {
        return new StatusSnapshot(
                Pairing.REVOKED, SERVER, DEVICE, false, false, 0, List.of(), Map.of(), List.of(), 0, 0, 0,
                List.of(Problem.REVOKED));
    }

    static StatusSnapshot quiet() {
        return paired(now() - 3 * MINUTE, List.of(sim(0, "Safaricom", true, true, true, 0, 0, 0)), Map.of(), List.of());
    }

    /** A day of work behind it. */
    static StatusSnapshot busy(Problem... problems) {
        return paired(now() - 200 * MINUTE, sims(), today(), latest(), problems);
    }

    static StatusSnapshot offline(Problem... problems) {
        return paired(0, sims(), today(), latest(), problems);
    }

    /** Unable to tell the server of what has happened since. */
    static StatusSnapshot waiting() {
        return new StatusSnapshot(
                Pairing.PAIRED, SERVER, DEVICE, true, false, 0, sims(), today(), latest(), 3, 2, 1,
                List.of(Problem.NOT_CONNECTED, Problem.BATTERY_OPTIMISED, Problem.MESSAGES_SET_ASIDE));
    }

    static StatusSnapshot simsOff() {
        List<SimStatus> sims = List.of(
                sim(0, "Safaricom", false, true, false, 12, 0, 100), sim(1, "Airtel", true, false, false, 0, 0, 100),
                sim(2, null, true, true, false, 0, 0, 100));
        return paired(now() - 200 * MINUTE, sims, today(), latest(), Problem.SIM_DISABLED_BY_SERVER);
    }

    /** That problem, with what it brings with it on a real phone. */
    static StatusSnapshot with(Problem problem) {
        return switch (problem) {
            case REVOKED -> revoked();
            case KEY_LOST -> unpaired(problem);
            case AIRPLANE_MODE -> offline(problem, Problem.NO_NETWORK, Problem.BATTERY_OPTIMISED);
            case NO_SIM -> paired(now() - 200 * MINUTE, List.of(), today(), latest(), problem);
            case NOT_SERVING -> offline(Problem.NOT_CONNECTED, problem);
            case NO_NETWORK, REFUSED_BY_SERVER, NOT_CONNECTED -> offline(problem);
            case MESSAGES_SET_ASIDE -> waiting();
            case SIM_DISABLED_BY_SERVER -> simsOff();
            default -> busy(problem);
        };
    }

    private static StatusSnapshot paired(
            long since, List<SimStatus> sims, Map<State, Integer> today, List<Message> latest, Problem... problems) {
        return new StatusSnapshot(
                Pairing.PAIRED, SERVER, DEVICE, true, List.of(problems).contains(Problem.PAUSED), since, sims, today, latest,
                0, 0, 0, List.of(problems));
    }

    private static List<SimStatus> sims() {
        return List.of(
                sim(0, "Safaricom", true, true, true, 1_284, 62, 100), sim(1, "Airtel", true, true, true, 37, 91, 100));
    }

    private static SimStatus sim(
            int slot, String carrier, boolean isOn, boolean isEnabled, boolean isReady, int today, int hour, int limit) {
        return new SimStatus(slot, carrier, isOn, isEnabled, isReady, today, hour, limit);
    }

    private static Map<State, Integer> today() {
        return Map.of(
                State.DELIVERED, 1_208, State.SENT, 61, State.CLAIMED, 2, State.SENDING, 1, State.FAILED, 4, State.UNKNOWN, 1);
    }

    private static List<Message> latest() {
        return List.of(
                message(1, State.SENDING, 0, 1, null, 0), message(2, State.CLAIMED, 1, 1, null, 0),
                message(3, State.SENT, 0, 2, null, 1), message(4, State.DELIVERED, 0, 1, null, 2),
                message(5, State.FAILED, 1, 1, "no_service:41", 7), message(6, State.UNKNOWN, 0, 3, "unknown_outcome", 64),
                message(7, State.FAILED, 1, 1, "carrier_7", 65), message(8, State.DELIVERED, 0, 1, null, 2_000));
    }

    private static Message message(int job, State state, int simSlot, int parts, String error, int minutesAgo) {
        return new Message("job_" + job, state, simSlot, parts, error, now() - minutesAgo * MINUTE);
    }

    private static long now() {
        return System.currentTimeMillis();
    }
}
