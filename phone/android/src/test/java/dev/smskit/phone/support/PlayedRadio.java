package dev.smskit.phone.support;

import android.app.Activity;
import android.app.PendingIntent;
import android.content.Intent;
import android.os.Handler;
import android.os.Looper;
import android.telephony.SmsManager;
import dev.smskit.phone.Phone;
import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.Json;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.json.JSONObject;
import org.robolectric.shadows.ShadowSmsManager.TextMultipartParams;

/**
 * The radio under Android's SmsManager, which the conformance suite plays over HTTP: it gets what the app gives to SmsManager, and answers
 * as Android does, by the intents of each part and by broadcasts. It outlives the phone's processes, as a network does.
 */
final class PlayedRadio {
    private static final MediaType JSON = MediaType.get("application/json");
    /** What Android says for each code of the protocol; of a number that nobody has it gives the network's cause. */
    private static final Map<String, Integer> RESULTS = Map.of(
            "radio_off", SmsManager.RESULT_ERROR_RADIO_OFF, "no_service", SmsManager.RESULT_ERROR_NO_SERVICE,
            "null_pdu", SmsManager.RESULT_ERROR_NULL_PDU, "generic_failure", SmsManager.RESULT_ERROR_GENERIC_FAILURE,
            "invalid_number", SmsManager.RESULT_ERROR_GENERIC_FAILURE);

    private final String address;
    private final TestApp app;
    private final Handler main = new Handler(Looper.getMainLooper());
    private final Map<String, List<PendingIntent>> deliveries = new ConcurrentHashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final OkHttpClient http = new OkHttpClient.Builder().readTimeout(60, TimeUnit.SECONDS).build();
    private volatile boolean isOn;
    private volatile Thread listener;

    PlayedRadio(String address, TestApp app) {
        this.address = address;
        this.app = app;
    }

    /** Called by SmsManager, which returns before the radio has answered. */
    void send(int subscription, TextMultipartParams message) {
        String recipient = message.getDestinationAddress();
        deliveries.put(recipient, message.getDeliveryIntents());
        String body = Json.write(Json.of(
                "recipient", recipient, "text", String.join("", message.getParts()),
                "simSlot", subscription == DeviceTest.FIRST ? 0 : 1, "parts", message.getParts().size()));
        Request request = new Request.Builder().url(address + "/send").post(RequestBody.create(body, JSON)).build();
        Phone asking = app.phone();
        http.newCall(request).enqueue(new Callback() {
            @Override
            public void onFailure(Call call, IOException failure) {
                System.err.println("the played radio: " + failure);
            }

            @Override
            public void onResponse(Call call, Response response) throws IOException {
                answered(asking, message.getSentIntents(), response.body().string());
            }
        });
    }

    /** A phone that was killed meanwhile hears nothing; one that hears it is not killed before it has. */
    private synchronized void answered(Phone asking, List<PendingIntent> sent, String text) {
        try {
            JSONObject answer = Json.object(text);
            boolean isTaken = answer.optString("outcome").equals("taken");
            int out = isTaken ? sent.size() : answer.optInt("partsHandedOver");
            for (int part = 0; part < sent.size() && isOn && app.phone() == asking; part++) {
                tellPart(sent.get(part), part < out ? null : answer.optString("code"));
            }
        } catch (BadFrameException error) {
            throw new AssertionError(error);
        }
    }

    private void tellPart(PendingIntent intent, String code) {
        int result = code == null ? Activity.RESULT_OK : RESULTS.get(code);
        Intent extras = new Intent().putExtra("errorCode", "invalid_number".equals(code) ? 1 : 0);
        onMain(() -> fire(intent, result, extras));
    }

    private void fire(PendingIntent intent, int result, Intent extras) {
        try {
            intent.send(app, result, extras);
        } catch (PendingIntent.CanceledException cancelled) {
            throw new AssertionError(cancelled);
        }
    }

    /** Where Android runs receivers; returns once they have run. */
    private void onMain(Runnable broadcast) {
        CountDownLatch isDone = new CountDownLatch(1);
        main.post(() -> {
            broadcast.run();
            main.post(isDone::countDown);
        });
        try {
            if (!isDone.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("a receiver doesn't return");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
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
        if (event.optString("type").equals("delivered")) {
            PendingIntent delivery = deliveries.get(event.optString("recipient")).get(event.optInt("part"));
            Intent report = new Intent().putExtra("format", "3gpp").putExtra("pdu", Pdus.statusReport(0));
            onMain(() -> fire(delivery, Activity.RESULT_OK, report));
        } else if (taken.add(event.optString("id"))) {
            arrive(event.optString("from"), event.optInt("simSlot"), event.optString("content"));
        }
    }

    private void arrive(String from, int simSlot, String content) {
        if (Pdus.canCarry(content)) {
            int subscription = simSlot == 0 ? DeviceTest.FIRST : DeviceTest.SECOND;
            onMain(() -> DeviceTest.receive(app, subscription, Pdus.deliver(from, content)));
        } else { // Android makes a question mark of it before the app sees it
            app.phone().received(from, simSlot, content);
        }
    }
}
