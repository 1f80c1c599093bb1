package dev.smskit.phone.jobs;

/**
 * A journaled job. {@code sim} is the SIM that was in the slot when it was claimed: no other sends it. The text is erased
 * once the radio has answered; {@code failure} is null where there is none.
 */
public record Job(Key key, int simSlot, int sim, String recipient, String message, int segments, int priority,
                  long expiresAt, State state, String stateAt, Failure failure) {
    /** Without recipient and text: it may get into a log. */
    @Override
    public String toString() {
        return "Job[" + key.jobId() + " " + state.word + "]";
    }
}
