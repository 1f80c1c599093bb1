package dev.smskit.phone.sending;

import dev.smskit.phone.jobs.Job;
import java.util.List;

/**
 * The phone's radios. What becomes of a part is told through {@link Radio#partSent} and {@link Radio#partDelivered},
 * maybe by a later process.
 */
public interface Modem {
    /** How the job's text would be split. */
    List<String> divide(Job job) throws RefusedException;

    /**
     * Hands the parts over to the SIM for which the job was claimed, or refuses; returns at once and never retries by
     * itself. An exception of another kind leaves the outcome unknown.
     */
    void send(Job job, List<String> parts) throws RefusedException;

    /** The radio refuses a message, of which nothing went out: one of the protocol's codes, and words for people. */
    final class RefusedException extends Exception {
        public final String code;

        public RefusedException(String code, String message) {
            super(message);
            this.code = code;
        }
    }
}
