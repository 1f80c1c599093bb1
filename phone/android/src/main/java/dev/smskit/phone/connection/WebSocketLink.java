package dev.smskit.phone.connection;

import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.Response;
import dev.smskit.phone.clock.Loop;
import okio.ByteString;

/** A link on OkHttp; what happens to it is told on the loop. */
final class WebSocketLink extends WebSocketListener implements Link {
    /** The longest frame that the server may send, in characters. */
    static final int LONGEST = 128 * 1024;

    /** Told on the loop, in order; {@code closed} once, with the HTTP status if the server refused the upgrade, or 0. */
    interface Listener {
        void opened();

        void heard(String text);

        void closed(int status);
    }

    private final Loop loop;
    private final Listener listener;
    private volatile WebSocket socket;
    private boolean isClosed;

    WebSocketLink(Loop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    void attach(WebSocket to) {
        socket = to;
    }

    @Override
    public void send(String frame) {
        socket.send(frame);
    }

    @Override
    public void close() {
        isClosed = true;
        if (!socket.close(1000, null)) {
            socket.cancel();
        }
        // A peer that is gone answers no close.
        loop.after(2_000, socket::cancel);
    }

    @Override
    public void onOpen(WebSocket opened, Response response) {
        loop.post(() -> {
            if (!isClosed) {
                listener.opened();
            }
        });
    }

    @Override
    public void onMessage(WebSocket from, String text) {
        if (text.length() <= LONGEST) {
            loop.post(() -> listener.heard(text));
        }
    }

    @Override
    public void onMessage(WebSocket from, ByteString bytes) {
        onMessage(from, bytes.size() <= LONGEST ? bytes.utf8() : "");
    }

    @Override
    public void onClosing(WebSocket from, int code, String reason) {
        from.close(1000, null);
        closed(0);
    }

    @Override
    public void onFailure(WebSocket from, Throwable failure, Response response) {
        closed(response == null ? 0 : response.code());
    }

    private void closed(int status) {
        loop.post(() -> {
            if (!isClosed) {
                isClosed = true;
                listener.closed(status);
            }
        });
    }
}
