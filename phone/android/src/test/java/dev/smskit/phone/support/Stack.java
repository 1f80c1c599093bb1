package dev.smskit.phone.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeTrue;

import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** The server as its customers and operators use it: an account of the stack that scripts/smskit_smoke/lend.py lends. */
public final class Stack {
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final JSONObject way;

    private Stack(JSONObject way) {
        this.way = way;
    }

    /** The test is skipped where there is none. */
    public static Stack given() throws IOException, BadFrameException {
        String file = System.getenv("SMSKIT_STACK");
        assumeTrue("no stack is given: make android-e2e gives one", file != null);
        return new Stack(Json.object(Files.readString(Path.of(file))));
    }

    /** As a program with its key. */
    public JSONObject api(String method, String path, JSONObject body) {
        return ask("X-Api-Key", way.optString("apiKey"), method, path, body);
    }

    /** As an owner who has signed in. */
    public JSONObject console(String method, String path, JSONObject body) {
        return ask("Authorization", "Bearer " + way.optString("consoleToken"), method, path, body);
    }

    private JSONObject ask(String header, String value, String method, String path, JSONObject body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(way.optString("apiUrl") + path))
                .header(header, value)
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(60))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(body.toString()))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(method + " " + path + ": " + response.body(), 2, response.statusCode() / 100);
            return Json.object(response.body());
        } catch (IOException | InterruptedException | BadFrameException error) {
            throw new AssertionError(error);
        }
    }

    /** Accepts an SMS by one SIM of that phone, and names the job. */
    public String send(String deviceId, int simSlot, String recipient, String message) {
        JSONArray sims = new JSONArray().put(Json.of("deviceId", deviceId, "simSlot", simSlot));
        return api("POST", "/api/sms/send", Json.of(
                "recipient", recipient, "message", message, "priority", 9, "devices", sims)).optString("jobId");
    }

    public JSONObject job(String jobId) {
        return api("GET", "/api/sms/" + jobId + "/status", null);
    }

    /** What the receiver of webhooks took of that event with its signature verified, and has those words in it. */
    public List<JSONObject> webhooks(String event, String words) {
        List<JSONObject> taken = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(Path.of(way.optString("webhooks")))) {
                JSONObject delivery = line.endsWith("}") ? new JSONObject(line) : new JSONObject();
                if (delivery.optString("event").equals(event) && delivery.optBoolean("verified")
                        && delivery.optString("body").contains(words)) {
                    taken.add(new JSONObject(delivery.optString("body")));
                }
            }
        } catch (IOException | JSONException error) {
            throw new AssertionError(error);
        }
        return taken;
    }
}
