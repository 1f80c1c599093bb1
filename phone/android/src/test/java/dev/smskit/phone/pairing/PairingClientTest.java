package dev.smskit.phone.pairing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.connection.Device;
import dev.smskit.phone.pairing.PairingClient.Refusal;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;

/** A pairing code becomes credentials, or a reason that a person can act on. */
public class PairingClientTest {
    private static final String PAIRED =
            "{\"deviceId\":\"dvc_1\",\"deviceToken\":\"dt_x\",\"webSocketUrl\":\"wss://a.example/live\",\"new\":1}";

    private final MockWebServer server = new MockWebServer();
    private final PairingClient client = new PairingClient(new Addresses(true));

    @Before
    public void start() throws IOException {
        server.start();
    }

    @After
    public void stop() throws IOException {
        server.shutdown();
    }

    private PairingClient.Answer answerTo(int status, String body) {
        server.enqueue(new MockResponse().setResponseCode(status).setBody(body));
        PairingLink link = new PairingLink("http://127.0.0.1:" + server.getPort(), "7H2K9-M4P1Q");
        String name = String.join("", Collections.nCopies(200, "n"));
        return client.pair(link, name, "Pixel 6", "0.1.0", List.of());
    }

    @Test
    public void aGoodCodeGivesCredentials() throws Exception {
        Credentials credentials = answerTo(201, PAIRED).credentials();
        assertEquals("dvc_1", credentials.deviceId());
        assertEquals("dt_x", credentials.deviceToken());
        assertEquals("wss://a.example/live", credentials.webSocketUrl());
        assertFalse(credentials.isRevoked());
        assertFalse(credentials.toString().contains("dt_x"));
        JSONObject said = new JSONObject(server.takeRequest().getBody().readUtf8());
        assertEquals(100, said.getString("name").length());
        assertEquals("a phone without a SIM pairs as one with one", 1, said.getJSONArray("sims").length());
        assertEquals(Device.WINDOW, said.getJSONArray("sims").getJSONObject(0).getInt("window"));
    }

    @Test
    public void aWrongOrUsedOrExpiredCodeIsSaid() {
        assertEquals(Refusal.WRONG_CODE, answerTo(404, "{}").refusal());
        assertEquals(Refusal.TOO_MANY_TRIES, answerTo(429, "{}").refusal());
        assertEquals(Refusal.REFUSED, answerTo(500, "").refusal());
    }

    @Test
    public void aRedirectLeadsNowhereWithTheCode() {
        server.enqueue(new MockResponse().setResponseCode(307).setHeader("Location", "/elsewhere"));
        assertEquals(Refusal.REFUSED, answerTo(201, PAIRED).refusal());
        assertEquals(1, server.getRequestCount());
    }

    @Test
    public void anAnswerThatCannotBeUsedGivesNoCredentials() {
        String[] bad = {
            "", "[]", "{}", PAIRED.replace("wss:", "ws:"), PAIRED.replace("\"dt_x\"", "7"),
            PAIRED.replace("dt_x", "dt\\nx"), PAIRED.replace("\"dvc_1\"", "null"),
            PAIRED + String.join("", Collections.nCopies(70_000, " ")),
        };
        for (String body : bad) {
            PairingClient.Answer answer = answerTo(201, body);
            assertEquals(body, Refusal.BAD_ANSWER, answer.refusal());
            assertNull(answer.credentials());
        }
    }

    @Test
    public void aServerThatIsAwayIsSaid() throws Exception {
        int port = server.getPort();
        server.shutdown();
        PairingLink link = new PairingLink("http://127.0.0.1:" + port, "ABC");
        assertTrue(client.pair(link, "n", "m", "1", List.of()).refusal() == Refusal.UNREACHABLE);
    }
}
