package dev.smskit.phone.jobs;

/** Claimed → Cleared ({@code go} came) → Sending (at the radio) → Sent → Delivered, or Failed, or Unknown. */
public enum State {
    CLAIMED("Claimed"),
    CLEARED("Cleared"),
    SENDING("Sending"),
    SENT("Sent"),
    DELIVERED("Delivered"),
    FAILED("Failed"),
    UNKNOWN("Unknown");

    /** As frames and the journal spell it. */
    public final String word;

    State(String word) {
        this.word = word;
    }

    /** Whether the radio hasn't seen the job. */
    public boolean isHeld() {
        return this == CLAIMED || this == CLEARED;
    }

    /** The state of that word. Throws IllegalArgumentException. */
    public static State of(String word) {
        for (State state : values()) {
            if (state.word.equals(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException("not a state");
    }
}
