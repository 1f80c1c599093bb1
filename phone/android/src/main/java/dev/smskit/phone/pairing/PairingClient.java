package dev.smskit.phone.pairing;

import dev.smskit.phone.connection.Device;
import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.Json;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;
import org.json.JSONArray;
import org.json.JSONObject;

/** Turns a pairing code into credentials. */
public final class PairingClient {
    private static final MediaType JSON = MediaType.get("application/json");
    private static final long LONGEST_ANSWER = 64 * 1024;

    /** Why there are no credentials. */
    public enum Refusal { WRONG_CODE, TOO_MANY_TRIES, UNREACHABLE, REFUSED, BAD_ANSWER }

    /** The server's answer: {@code credentials} or {@code refusal}, the other is null. */
    public record Answer(Credentials credentials, Refusal refusal) {
    }

    private final Addresses addresses;
    private final OkHttpClient http = new OkHttpClient.Builder()
            .callTimeout(30, TimeUnit.SECONDS)
            .followRedirects(false)
            .followSslRedirects(false)
            .build();

    public PairingClient(Addresses addresses) {
        this.addresses = addresses;
    }

    /** Uses up the code at {@code POST <server>/phone/pair}. Blocks. */
    public Answer pair(PairingLink link, String name, String model, String appVersion, List<Device.Sim> sims) {
        Request request = new Request.Builder()
                .url(link.server() + "/phone/pair")
                .post(RequestBody.create(body(link.code(), name, model, appVersion, sims), JSON))
                .build();
        try (Response response = http.newCall(request).execute()) {
            if (response.code() != 201) {
                return new Answer(null, refusal(response.code()));
            }
            return new Answer(credentials(text(response), link.server()), null);
        } catch (BadFrameException error) {
            return new Answer(null, Refusal.BAD_ANSWER);
        } catch (IOException error) {
            return new Answer(null, Refusal.UNREACHABLE);
        }
    }

    private static String body(String code, String name, String model, String appVersion, List<Device.Sim> sims) {
        JSONArray list = new JSONArray();
        // A phone that may not see its SIMs, or has none yet, pairs as one with a single SIM.
        for (Device.Sim sim : sims.isEmpty() ? List.of(new Device.Sim(0, -1, null)) : sims) {
            list.put(Json.of("simSlot", sim.simSlot(), "carrierName", sim.carrierName(), "window", Device.WINDOW));
        }
        return Json.write(Json.of(
                "code", code, "name", limited(name), "model", limited(model), "platform", "android",
                "appVersion", appVersion, "sims", list));
    }

    private static String limited(String text) {
        return text.substring(0, Math.min(100, text.length()));
    }

    private static Refusal refusal(int status) {
        return switch (status) {
            case 404 -> Refusal.WRONG_CODE;
            case 429 -> Refusal.TOO_MANY_TRIES;
            default -> Refusal.REFUSED;
        };
    }

    private static String text(Response response) throws IOException, BadFrameException {
        BufferedSource source = response.body().source();
        if (source.request(LONGEST_ANSWER + 1)) {
            throw new BadFrameException("too long");
        }
        return source.readUtf8();
    }

    private Credentials credentials(String text, String server) throws BadFrameException {
        JSONObject answer = Json.object(text);
        String url = Json.text(answer, "webSocketUrl");
        String token = Json.text(answer, "deviceToken");
        if (!addresses.isSocket(url) || !token.matches("[!-~]{1,512}")) {
            throw new BadFrameException("the token would go over the network in the open, or can't");
        }
        return new Credentials(Json.text(answer, "deviceId"), token, url, server, false);
    }
}
