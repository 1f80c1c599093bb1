package dev.smskit.phone.protocol;

/** A frame of the server that doesn't follow the protocol; the message names its type and the rule, never a value. */
public final class BadFrameException extends Exception {
    public BadFrameException(String message) {
        super(message);
    }
}
