package dev.smskit.phone.connection;

import dev.smskit.phone.Context;
import dev.smskit.phone.clock.Loop;
import dev.smskit.phone.connection.Session.Ending;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.WebSocket;

/** Keeps a connection while it is wanted, and makes it again whenever it breaks. */
public final class Connector {
    /** Makes the session of a connection that has opened. */
    public interface Sessions {
        Session open(Link link, java.util.function.Consumer<Ending> onEnd);
    }

    /** Told on the loop. */
    public interface Listener {
        /** {@code status}: with which HTTP status the server refused, or 0. */
        void disconnected(Ending ending, int status);

        void revoked();
    }

    private final Context context;
    private final OkHttpClient http;
    private final String url;
    private final String token;
    private final Sessions sessions;
    private final Listener listener;
    private boolean isWanted;
    private boolean isRevoked;
    private boolean hasNetwork = true;
    private int failures;
    private long welcomedAt = -1;
    private volatile WebSocket socket;
    private Session session;
    private Loop.Timer again;

    public Connector(Context context, String url, String token, Sessions sessions, Listener listener) {
        this.context = context;
        this.url = url;
        this.token = token;
        this.sessions = sessions;
        this.listener = listener;
        http = new OkHttpClient.Builder()
                .connectTimeout(context.timings().openTimeout, TimeUnit.MILLISECONDS)
                // Once it is open: heartbeats do what pings would, and keep API Gateway's idle timer from running out.
                .readTimeout(context.timings().openTimeout, TimeUnit.MILLISECONDS)
                .followRedirects(false)
                .followSslRedirects(false)
                .build();
    }

    /** Connects unless that is under way already, or waits for its time; never after the server has revoked the phone. */
    public void start() {
        if (!isRevoked && !isWanted) {
            isWanted = true;
            connect();
        }
    }

    /** Ends the connection for good. */
    public void stop() {
        isWanted = false;
        cancelWait();
        endSession(Ending.PLANNED);
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }

    /** Ends the connection without a word, from any thread: as when the process dies. */
    public void cut() {
        http.dispatcher().cancelAll();
        WebSocket open = socket;
        if (open != null) {
            open.cancel();
        }
    }

    /** The connection's session, or null. */
    public Session session() {
        return session;
    }

    public boolean isWelcomed() {
        return welcomedAt >= 0;
    }

    /** A new hello, since what it says has changed. */
    public void renew() {
        endSession(Ending.PLANNED);
    }

    /** Another network, or none: a socket of the one before is of no use. */
    public void networkChanged(boolean isThere) {
        hasNetwork = isThere;
        failures = 0;
        if (session != null) {
            session.end(Ending.CLOSED);
        } else if (socket != null) {
            socket.cancel(); // it would wait for an answer that can't come any more
        } else if (isThere) {
            cancelWait();
            again = context.loop().after(jitter(context.timings().reconnectBase), this::connect);
        }
    }

    /** Beats if it is time, and connects without waiting any longer: the device may have slept through its timers. */
    public void checkUp() {
        if (session != null) {
            session.beatIfDue();
        } else if (isWanted && socket == null) {
            connect();
        }
    }

    private void connect() {
        cancelWait();
        if (!isWanted || socket != null || !hasNetwork) {
            return;
        }
        Request request = new Request.Builder().url(url).header("Authorization", "Bearer " + token).build();
        WebSocketLink[] link = new WebSocketLink[1];
        link[0] = new WebSocketLink(context.loop(), new WebSocketLink.Listener() {
            @Override
            public void opened() {
                session = sessions.open(link[0], ending -> ended(ending, 0));
                session.begin();
            }

            @Override
            public void heard(String text) {
                if (session != null) {
                    session.heard(text);
                }
            }

            @Override
            public void closed(int status) {
                if (session != null) {
                    session.end(Ending.CLOSED);
                } else {
                    ended(Ending.CLOSED, status);
                }
            }
        });
        socket = http.newWebSocket(request, link[0]);
        link[0].attach(socket);
    }

    /** The session has heard its welcome. */
    public void welcomed() {
        welcomedAt = context.loop().now();
        context.events().emit("connected");
    }

    private void endSession(Ending ending) {
        if (session != null) {
            session.end(ending);
        } else if (socket != null) {
            socket.cancel();
        }
    }

    private void ended(Ending ending, int status) {
        long lasted = welcomedAt < 0 ? 0 : context.loop().now() - welcomedAt;
        session = null;
        socket = null;
        welcomedAt = -1;
        context.events().emit("disconnected", "reason", ending.name(), "status", status);
        listener.disconnected(ending, status);
        if (ending == Ending.REVOKED) {
            isWanted = false;
            isRevoked = true;
            listener.revoked();
        }
        if (!isWanted) {
            return;
        }
        failures = lasted >= context.timings().settledAfter || ending == Ending.PLANNED ? 0 : failures + 1;
        again = context.loop().after(ending == Ending.PLANNED ? 0 : backoff(), this::connect);
    }

    /** Full jitter, so that phones that lost the same server do not come back at the same moment. */
    private long backoff() {
        double most = context.timings().reconnectBase * Math.pow(2, Math.min(failures, 16));
        return jitter((long) Math.min(context.timings().reconnectCap, most));
    }

    private static long jitter(long most) {
        return (long) (Math.random() * most);
    }

    private void cancelWait() {
        if (again != null) {
            again.cancel();
            again = null;
        }
    }
}
