package dev.smskit.phone.status;

import dev.smskit.phone.jobs.State;
import java.util.List;
import java.util.Map;

/**
 * How the phone is doing at one moment: all that a screen shows. Never changes; names no text and no number.
 *
 * <p>Times are milliseconds since the epoch by the phone's own clock, 0 for never.
 */
public record StatusSnapshot(
        Pairing pairing,
        String server,
        String deviceId,
        boolean isServing,
        boolean isPaused,
        long connectedSince,
        List<SimStatus> sims,
        Map<State, Integer> today,
        List<Message> latest,
        int inboundWaiting,
        int inboundSetAside,
        long unacknowledgedReports,
        List<Problem> problems) {

    /** Whether this is a server's phone. */
    public enum Pairing { UNPAIRED, PAIRED, REVOKED }

    /** One SIM; {@code partsPerHourLimit} 0 for none but the server's. Parts are counted as the radio counts them. */
    public record SimStatus(
            int simSlot, String carrierName, boolean isOn, boolean isEnabledByServer, boolean isReady,
            int partsToday, int partsThisHour, int partsPerHourLimit) {
    }

    /** A message and what became of it; {@code errorCode} is one of the protocol's, or null. */
    public record Message(String jobId, State state, int simSlot, int parts, String errorCode, long changedAt) {
    }
}
