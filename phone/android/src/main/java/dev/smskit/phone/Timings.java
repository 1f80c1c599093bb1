package dev.smskit.phone;

/** Waits in milliseconds. The defaults are those of the protocol; tests shorten some. */
public class Timings {
    /** A claim or decline without an answer is sent again after this long. */
    public long claimResend = 3_000;
    /** A report or a {@code received} without an {@code ack} is sent again after this long. */
    public long reportResend = 30_000;
    /**
     * Without a {@code welcome} by then the connection is given up. A hello is never repeated on a connection: handled
     * late, its {@code open} would lack what was claimed in between, and the server would take that for disowned.
     */
    public long helloTimeout = 15_000;
    /** A heartbeat without any frame from the server by then: the connection is dead. */
    public long answerTimeout = 30_000;
    /** The least time between two frames of claims; the first one of a burst is never delayed. */
    public long coalesce = 5;
    /** An urgent claim on its way keeps lesser messages from the radio for this long at most. */
    public long urgentPatience = 2_000;
    /** A claim or decline that the server answered with {@code error} waits this long before its next try. */
    public long refusedPause = 30_000;
    /** The least time between two reports, or two {@code received}, when the server could not use the first one. */
    public long errorSpacing = 3_000;
    /** What could not be written because the disk is full or broken is tried again after this long. */
    public long journalAgain = 5_000;
    /** So long after the last time that something could not be written the person is told that the disk is full. */
    public long fullDiskShown = 60_000;
    /** A radio that hasn't said by then what became of every part won't. */
    public long radioSilence = 120_000;
    public long reconnectBase = 500;
    public long reconnectCap = 60_000;
    /**
     * A connection that lasted this long after its {@code welcome} ends a row of failures. Two phones with one token
     * replace each other's connection for ever: a {@code welcome} alone is no reason to come back at once.
     */
    public long settledAfter = 60_000;
    /** API Gateway ends a connection after 2 h; the phone reconnects by itself between these. */
    public long lifetimeLeast = 100 * 60_000L;
    public long lifetimeMost = 108 * 60_000L;
    public long openTimeout = 10_000;
    /** When the phone is unpaired, how long declines, reports and received SMS may take to be told. */
    public long farewell = 30_000;
}
