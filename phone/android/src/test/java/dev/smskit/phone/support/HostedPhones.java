package dev.smskit.phone.support;

import dev.smskit.phone.Timings;
import dev.smskit.phone.journal.Journal;
import dev.smskit.phone.pairing.PairingClient;
import dev.smskit.phone.pairing.PairingLink;
import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import okhttp3.mockwebserver.Dispatcher;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import org.json.JSONObject;

/** Starts and kills this app when the conformance suite asks for it; one phone at a time, each new state on an empty disk. */
public final class HostedPhones extends Dispatcher {
    private final TestApp app;
    private final MockWebServer server = new MockWebServer();
    private final Map<String, PlayedRadio> radios = new HashMap<>();
    private String current;

    public HostedPhones(TestApp app) throws IOException {
        this.app = app;
        server.setDispatcher(this);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getPort();
    }

    public void stop() throws IOException {
        server.shutdown();
    }

    @Override
    public synchronized MockResponse dispatch(RecordedRequest request) throws InterruptedException {
        try {
            JSONObject asked = Json.object(request.getBody().readUtf8());
            if (request.getPath().endsWith("/start")) {
                start(asked);
            } else {
                kill();
            }
            return new MockResponse().setBody("{}");
        } catch (BadFrameException | RuntimeException error) {
            error.printStackTrace();
            return new MockResponse().setResponseCode(500);
        }
    }

    private void start(JSONObject asked) throws InterruptedException {
        String state = asked.optString("state");
        kill();
        if (!state.equals(current)) {
            app.deleteDatabase(Journal.FILE);
            app.credentials().forget();
            current = state;
        }
        radios.computeIfAbsent(state, one -> new PlayedRadio(asked.optString("radio"), app));
        PlayedSmsManager.play(radios.get(state));
        app.timings = scaled(asked.optDouble("scale", 1));
        app.restart();
        if (app.credentials().load() == null) {
            PairingLink link = PairingLink.parse(asked.optString("link"), app.addresses());
            PairingClient.Answer answer = new PairingClient(app.addresses())
                    .pair(link, "Conformance", "Robolectric", "0.1.0", app.sims().present());
            if (answer.credentials() == null) {
                return;
            }
            app.credentials().save(answer.credentials());
        }
        if (app.phone() != null) {
            app.phone().start();
            radios.get(state).on();
        }
    }

    private void kill() throws InterruptedException {
        if (current != null && radios.containsKey(current) && app.phone() != null) {
            app.loop().halt();
            radios.get(current).off();
            app.die();
        }
    }

    private static Timings scaled(double scale) {
        Timings timings = new Timings();
        timings.claimResend /= scale;
        timings.reportResend = Math.max(2_000, (long) (timings.reportResend / scale));
        timings.helloTimeout = Math.max(2_000, (long) (timings.helloTimeout / scale));
        timings.answerTimeout = Math.max(2_000, (long) (timings.answerTimeout / scale));
        timings.urgentPatience /= scale;
        timings.refusedPause /= scale;
        timings.errorSpacing /= scale;
        timings.journalAgain /= scale;
        timings.reconnectBase /= scale;
        timings.reconnectCap /= scale;
        timings.settledAfter /= scale;
        timings.lifetimeLeast /= scale;
        timings.lifetimeMost /= scale;
        return timings;
    }
}
