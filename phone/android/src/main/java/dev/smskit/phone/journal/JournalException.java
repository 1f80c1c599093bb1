package dev.smskit.phone.journal;

/** The journal's disk is full, broken or read-only; the message is SQLite's kind of it. It may work again later. */
public final class JournalException extends RuntimeException {
    public JournalException(String kind, Throwable cause) {
        super(kind, cause);
    }
}
