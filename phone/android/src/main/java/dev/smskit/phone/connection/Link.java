package dev.smskit.phone.connection;

/** One WebSocket connection, as frames to the server. A connection that is over takes frames and loses them. */
public interface Link {
    void send(String frame);

    /** Ends the connection. */
    void close();
}
