package dev.smskit.phone.jobs;

import java.util.Set;

/** An error of the protocol: a code that it lists, and words for people, which name neither text nor number. */
public record Failure(String code, String message) {
    public static final String UNKNOWN_OUTCOME = "unknown_outcome";

    private static final Set<String> TRANSIENT = Set.of(
            "radio_off", "no_service", "generic_failure", "limit_exceeded", "sim_absent", "no_credit", "null_pdu");

    /** Whether another attempt may pass, here or on another phone. */
    public boolean isTransient() {
        return TRANSIENT.contains(code);
    }

    /** Nobody knows whether the message went out. */
    public static Failure unknown(String message) {
        return new Failure(UNKNOWN_OUTCOME, message);
    }
}
