package dev.smskit.phone.connection;

import dev.smskit.phone.protocol.Json;
import org.json.JSONObject;

/** One WebSocket connection, as frames to the server. A connection that is over takes frames and loses them. */
public interface Link {
    void send(String frame);

    default void send(JSONObject frame) {
        send(Json.write(frame));
    }

    /** Ends the connection. */
    void close();
}
