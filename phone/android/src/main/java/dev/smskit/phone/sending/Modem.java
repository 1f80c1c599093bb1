package dev.smskit.phone.sending;

import dev.smskit.phone.jobs.Key;
import java.util.List;

/**
 * The phone's radios. What becomes of a part is told through {@link Radio#partSent} and {@link Radio#partDelivered},
 * maybe by a later process.
 */
public interface Modem {
    /** How the text would be split. */
    List<String> divide(int simSlot, String text) throws RefusedException;

    /** Hands the parts over and returns; never retries by itself. An exception of another kind leaves the outcome unknown. */
    void send(Key key, int simSlot, String recipient, List<String> parts) throws RefusedException;

    /** The radio refuses a message, of which nothing went out: one of the protocol's codes, and words for people. */
    final class RefusedException extends Exception {
        public final String code;

        public RefusedException(String code, String message) {
            super(message);
            this.code = code;
        }
    }
}
