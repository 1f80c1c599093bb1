package dev.smskit.phone.support;

import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.protocol.Times;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.json.JSONArray;
import org.json.JSONObject;

/** The server's side of the phone protocol on a real socket: keeps jobs, answers every frame, loses answers on demand. */
public final class ServerDouble extends Dispatcher {
    public static final String TOKEN = "dt_secret";
    private static final Set<String> TRANSIENT = Set.of("no_service", "radio_off", "generic_failure", "limit_exceeded");

    public final Map<String, ServerJob> jobs = new ConcurrentHashMap<>();
    public final List<JSONObject> frames = new CopyOnWriteArrayList<>();
    public final List<String> pairings = new CopyOnWriteArrayList<>();
    public final Map<String, JSONObject> inbound = java.util.Collections.synchronizedMap(new LinkedHashMap<>());
    /** Frames that are handled, and not answered. */
    public final Set<String> mute = ConcurrentHashMap.newKeySet();
    /** Answers of the test's own, by the frame's type. */
    public final Map<String, Function<JSONObject, JSONObject>> answers = new ConcurrentHashMap<>();
    public volatile long clockAhead;
    public volatile int heartbeatSeconds = 300;
    public volatile boolean offersInHello = true;
    public volatile int refuseWith;
    /** Takes connections and never says a word on them. */
    public volatile boolean isSilent;
    /** How often the phone tried to connect. */
    public final AtomicInteger tries = new AtomicInteger();
    private final Set<Long> seqs = new HashSet<>();
    private final List<WebSocket> sockets = new CopyOnWriteArrayList<>();
    private final MockWebServer server = new MockWebServer();

    public ServerDouble() throws IOException {
        server.setDispatcher(this);
        server.start();
    }

    public void stop() throws IOException {
        drop();
        server.shutdown();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getPort();
    }

    public String socketUrl() {
        return "ws://127.0.0.1:" + server.getPort() + "/socket";
    }

    public List<JSONObject> of(String type) {
        return frames.stream().filter(frame -> frame.optString("type").equals(type)).collect(Collectors.toList());
    }

    /** The items of all frames of that type that are about the job. */
    public List<JSONObject> items(String type, String jobId) {
        List<JSONObject> items = new ArrayList<>();
        for (JSONObject frame : of(type)) {
            Entries.of(frame, "items").stream().filter(item -> item.optString("jobId").equals(jobId)).forEach(items::add);
        }
        return items;
    }

    public ServerJob add(String jobId) {
        return jobs.computeIfAbsent(jobId, ServerJob::new);
    }

    public int connections() {
        return sockets.size();
    }

    /** Offers each job under a new token. */
    public void offer(ServerJob... offered) {
        send(offerFrame(List.of(offered)));
    }

    public void send(JSONObject frame) {
        sendText(frame.toString());
    }

    public void sendText(String text) {
        sockets.get(sockets.size() - 1).send(text);
    }

    public void drop() {
        sockets.forEach(socket -> socket.close(1012, null));
    }

    private long now() {
        return System.currentTimeMillis() + clockAhead;
    }

    public JSONObject offerFrame(List<ServerJob> offered) {
        JSONArray list = new JSONArray();
        for (ServerJob job : offered) {
            list.put(job.offer(now()));
        }
        return Json.of("type", "offer", "jobs", list);
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) {
        if (request.getPath().equals("/phone/pair")) {
            pairings.add(request.getBody().readUtf8());
            return new MockResponse().setResponseCode(201).setBody(Json.of(
                    "deviceId", "dvc_1", "deviceToken", TOKEN, "webSocketUrl", socketUrl()).toString());
        }
        tries.incrementAndGet();
        if (isSilent) {
            return new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE);
        }
        boolean isKnown = ("Bearer " + TOKEN).equals(request.getHeader("Authorization"));
        if (refuseWith != 0 || !isKnown) {
            return new MockResponse().setResponseCode(refuseWith == 0 ? 401 : refuseWith);
        }
        return new MockResponse().withWebSocketUpgrade(new WebSocketListener() {
            @Override
            public void onOpen(WebSocket socket, Response response) {
                sockets.add(socket);
            }

            @Override
            public void onMessage(WebSocket socket, String text) {
                try {
                    JSONObject frame = Json.object(text);
                    frames.add(frame);
                    answer(socket, frame);
                } catch (dev.smskit.phone.protocol.BadFrameException error) {
                    throw new AssertionError(error);
                }
            }

            @Override
            public void onClosing(WebSocket socket, int code, String reason) {
                socket.close(code, reason);
            }
        });
    }

    private synchronized void answer(WebSocket socket, JSONObject frame) {
        String type = frame.optString("type");
        List<JSONObject> said = new ArrayList<>();
        if (answers.containsKey(type)) {
            said.add(answers.get(type).apply(frame));
        } else {
            said.addAll(answers(type, frame));
        }
        if (!mute.contains(type)) {
            said.stream().filter(one -> one != null).forEach(one -> socket.send(one.toString()));
        }
    }

    private List<JSONObject> answers(String type, JSONObject frame) {
        return switch (type) {
            case "hello" -> hello(frame);
            case "heartbeat" -> List.of(Json.of("type", "heartbeat.ack", "serverTime", Times.format(now())));
            case "claim" -> List.of(claim(frame));
            case "decline" -> List.of(decline(frame));
            case "report" -> List.of(report(frame));
            case "received" -> List.of(received(frame));
            default -> List.of(Json.of("type", "error", "code", "unknown-type", "message", "no"));
        };
    }

    private List<JSONObject> hello(JSONObject frame) {
        JSONArray resolve = new JSONArray();
        Set<String> listed = new HashSet<>();
        for (JSONObject open : Entries.of(frame, "open")) {
            ServerJob job = jobs.get(open.optString("jobId"));
            boolean isCurrent = job != null && job.token.equals(open.optString("token"));
            listed.add(open.optString("jobId"));
            String action = "drop";
            if (isCurrent && open.optString("state").equals("Claimed")) {
                action = job.assign() ? "go" : "drop";
            } else if (isCurrent) {
                action = "report";
            }
            resolve.put(Json.of("jobId", open.optString("jobId"), "token", open.optString("token"), "action", action));
        }
        List<JSONObject> said = new ArrayList<>();
        said.add(Json.of(
                "type", "welcome", "serverTime", Times.format(now()), "heartbeatSeconds", heartbeatSeconds,
                "resolve", resolve));
        jobs.values().stream().filter(job -> job.status.equals("Assigned") && !listed.contains(job.jobId))
                .forEach(job -> job.status = "Pending");
        List<ServerJob> waiting = jobs.values().stream()
                .filter(job -> job.status.equals("Pending") && !listed.contains(job.jobId)).collect(Collectors.toList());
        if (offersInHello && !waiting.isEmpty()) {
            said.add(offerFrame(waiting));
        }
        return said;
    }

    private JSONObject claim(JSONObject frame) {
        JSONArray items = new JSONArray();
        for (JSONObject item : Entries.of(frame, "items")) {
            ServerJob job = jobs.get(item.optString("jobId"));
            boolean isGo = job != null && job.token.equals(item.optString("token")) && job.assign();
            items.put(Json.of(
                    "jobId", item.optString("jobId"), "token", item.optString("token"), "verdict", isGo ? "go" : "gone",
                    "reason", isGo ? null : "late"));
        }
        return Json.of("type", "claimed", "items", items);
    }

    private JSONObject decline(JSONObject frame) {
        JSONArray items = new JSONArray();
        for (JSONObject item : Entries.of(frame, "items")) {
            ServerJob job = jobs.get(item.optString("jobId"));
            if (job != null && job.token.equals(item.optString("token")) && job.status.equals("Assigned")) {
                job.status = "Pending";
            }
            items.put(Json.of("jobId", item.optString("jobId"), "token", item.optString("token")));
        }
        return Json.of("type", "declined", "items", items);
    }

    private JSONObject report(JSONObject frame) {
        if (seqs.add(frame.optLong("seq"))) {
            for (JSONObject item : Entries.of(frame, "items")) {
                ServerJob job = jobs.get(item.optString("jobId"));
                job.reports.add(item);
                JSONObject error = item.optJSONObject("error");
                job.status = error != null && TRANSIENT.contains(error.optString("code")) ? "Pending" : item.optString("state");
            }
        }
        return Json.of("type", "ack", "seq", frame.optLong("seq"));
    }

    private JSONObject received(JSONObject frame) {
        Entries.of(frame, "messages").forEach(message -> inbound.putIfAbsent(message.optString("phoneMessageId"), message));
        return Json.of("type", "ack", "seq", frame.optLong("seq"));
    }
}
