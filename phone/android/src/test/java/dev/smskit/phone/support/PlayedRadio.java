package dev.smskit.phone.support;

import dev.smskit.phone.Phone;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.sending.Modem;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.json.JSONObject;

/** A radio that the conformance suite plays over HTTP; it outlives the phone's processes, as a network does. */
final class PlayedRadio implements Modem {
    private static final MediaType JSON = MediaType.get("application/json");

    private final String address;
    private final Supplier<Phone> phone;
    private final Map<String, Key> sent = new ConcurrentHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final OkHttpClient http = new OkHttpClient.Builder().readTimeout(60, TimeUnit.SECONDS).build();
    private volatile boolean isOn;
    private volatile Thread listener;

    /** Of the phone that lives. */
    PlayedRadio(String address, Supplier<Phone> phone) {
        this.address = address;
        this.phone = phone;
    }

    /** As many parts as the suite's offer says. */
    @Override
    public List<String> divide(Job job) {
        return Collections.nCopies(job.segments(), job.message());
    }

    @Override
    public void send(Job job, List<String> divided) {
        Key key = job.key();
        sent.put(job.recipient(), key);
        String body = Json.write(Json.of(
                "recipient", job.recipient(), "text", divided.get(0), "simSlot", job.simSlot(), "parts", divided.size()));
        Request request = new Request.Builder().url(address + "/send").post(RequestBody.create(body, JSON)).build();
        Phone asking = phone.get();
        http.newCall(request).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException failure) {
                System.err.println("the played radio: " + failure);
            }

            @Override
            public void onResponse(Call call, Response response) throws IOException {
                answered(asking, key, divided.size(), response.body().string());
            }
        });
    }

    /** A phone that was killed meanwhile hears nothing; one that hears it is not killed before it has. */
    private synchronized void answered(Phone asking, Key key, int count, String text) {
        try {
            JSONObject answer = Json.object(text);
            boolean isTaken = answer.optString("outcome").equals("taken");
            int out = isTaken ? count : answer.optInt("partsHandedOver");
            for (int part = 0; part < count && isOn && phone.get() == asking; part++) {
                asking.radio().partSent(key, part, part < out ? null : answer.optString("code"));
            }
        } catch (BadFrameException error) {
            throw new AssertionError(error);
        }
    }

    /** Gives the phone what the network says, until {@link #off}. */
    void on() {
        isOn = true;
        listener = new Thread(this::listen, "played-radio");
        listener.setDaemon(true);
        listener.start();
    }

    void off() throws InterruptedException {
        synchronized (this) {
            isOn = false;
        }
        http.dispatcher().cancelAll();
        listener.join(5_000);
    }

    private void listen() {
        long after = 0;
        while (isOn) {
            try (Response response = http.newCall(
                    new Request.Builder().url(address + "/events?after=" + after).build()).execute()) {
                for (JSONObject event : Json.objects(Json.object(response.body().string()), "events")) {
                    if (isOn) {
                        tell(event);
                        after = event.getLong("n");
                    }
                }
            } catch (IOException cancelled) {
                isOn = isOn && !cancelled.getMessage().equals("Canceled");
            } catch (BadFrameException | org.json.JSONException error) {
                throw new AssertionError(error);
            }
        }
    }

    /** Android says once that an SMS came in: the suite, which knows ids, may say it again. */
    private void tell(JSONObject event) {
        Phone living = phone.get();
        if (event.optString("type").equals("delivered")) {
            living.radio().partDelivered(sent.get(event.optString("recipient")), event.optInt("part"), true);
        } else if (taken.add(event.optString("id"))) {
            living.received(event.optString("from"), event.optInt("simSlot"), event.optString("content"));
        }
    }
}
