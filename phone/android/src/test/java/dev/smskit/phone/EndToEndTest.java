package dev.smskit.phone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import android.content.Intent;
import android.net.Uri;
import android.os.Build;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.support.DeviceTest;
import dev.smskit.phone.support.Entries;
import dev.smskit.phone.support.Stack;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowSmsManager;

/** The app and the whole server: from a pairing link to what a customer sees. Played are the radio and the people. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 30, 33, 35})
public class EndToEndTest extends DeviceTest {
    /** Seconds: each function of the server that a message passes may have to start first. */
    private static final int PATIENCE = 90;
    private static final int LOOK_AGAIN = 100; // ms: a look may be a request
    private static final String RECIPIENT = "+254711111111";
    /** Somebody else for each version of Android: the versions share an account. */
    private static final String CONTACT = "+2547123456" + Build.VERSION.SDK_INT;

    private Stack stack;
    private String deviceId;

    /** A person scans the dashboard's code with the phone's own camera, and agrees. */
    @Before
    public void pair() throws Exception {
        stack = Stack.given();
        app.timings = new Timings();
        String link = stack.console("POST", "/console/pairing-codes", null).optString("uri");
        MainActivity screen = Robolectric.buildActivity(
                MainActivity.class, new Intent(Intent.ACTION_VIEW, Uri.parse(link), app, MainActivity.class)).setup().get();
        until("asks", () -> screen.findViewById(R.id.pair) != null);
        screen.findViewById(R.id.pair).performClick();
        until("paired", () -> app.credentials().load() != null);
        deviceId = app.credentials().load().deviceId();
        serve();
        until("online", () -> app.phone().connectedSince() > 0);
    }

    /** The phone hears that it is revoked: the last of what the server says. */
    @After
    public void revoke() {
        if (deviceId != null) {
            stack.console("DELETE", "/console/devices/" + deviceId, null);
            until("revoked", () -> app.phone() == null || app.phone().isRevoked());
        }
    }

    private static void until(String what, BooleanSupplier condition) {
        await(what, PATIENCE, LOOK_AGAIN, condition);
    }

    private ShadowSmsManager.TextMultipartParams handedOver(int subscription) {
        until("handed over", () -> radio(subscription).getLastSentMultipartTextMessageParams() != null);
        assertEquals("once", 1, app.handOvers.size());
        return radio(subscription).getLastSentMultipartTextMessageParams();
    }

    private void becomes(String status, String jobId) {
        until(jobId + " " + status, () -> stack.job(jobId).optString("status").equals(status));
    }

    private static List<String> events(JSONObject job) {
        return Entries.of(job, "timeline").stream().map(entry -> entry.optString("event")).collect(Collectors.toList());
    }

    @Test
    public void aCodeIsSentAndDeliveredAndTheCustomerIsTold() throws Exception {
        String job = stack.send(deviceId, 0, RECIPIENT, "Your code is 123456");
        ShadowSmsManager.TextMultipartParams message = handedOver(FIRST);
        assertEquals(RECIPIENT, message.getDestinationAddress());
        assertEquals(List.of("Your code is 123456"), message.getParts());
        sent(message.getSentIntents().get(0));
        becomes("Sent", job);
        delivery(message.getDeliveryIntents().get(0), 0x00);
        becomes("Delivered", job);
        assertEquals(deviceId, stack.job(job).optString("deviceId"));
        until("told that it is sent", () -> stack.webhooks("sms:sent", job).size() == 1);
        until("told that it is delivered", () -> stack.webhooks("sms:delivered", job).size() == 1);
    }

    @Test
    public void aLongMessageIsDeliveredOnceBothItsPartsAre() throws Exception {
        String text = String.join("", Collections.nCopies(20, "ten chars "));
        String job = stack.send(deviceId, 1, RECIPIENT, text);
        ShadowSmsManager.TextMultipartParams message = handedOver(SECOND);
        assertEquals(2, message.getParts().size());
        assertEquals(text, String.join("", message.getParts()));
        assertEquals("one for each part", 2, new HashSet<>(message.getSentIntents()).size());
        sent(message.getSentIntents().get(1));
        sent(message.getSentIntents().get(0));
        becomes("Sent", job);
        delivery(message.getDeliveryIntents().get(1), 0x00);
        delivery(message.getDeliveryIntents().get(0), 0x20);
        assertEquals("one part is under way", "Sent", app.journal().get(app.handOvers.get(0)).state().word);
        delivery(message.getDeliveryIntents().get(0), 0x00);
        becomes("Delivered", job);
        until("webhook", () -> stack.webhooks("sms:delivered", job).size() == 1);
        assertEquals(1, Collections.frequency(events(stack.job(job)), "sent"));
    }

    @Test
    public void anAnswerGoesOutByTheSimThatWasWrittenTo() throws Exception {
        receive(SECOND, pdu());
        until("a conversation", () -> conversation() != null);
        String id = conversation().optString("conversationId");
        until("told", () -> stack.webhooks("sms:received", deviceId).size() == 1);
        String job = stack.api("POST", "/api/conversations/" + id + "/reply", Json.of("message", "Fine")).optString("jobId");
        ShadowSmsManager.TextMultipartParams answer = handedOver(SECOND);
        assertEquals(CONTACT, answer.getDestinationAddress());
        assertEquals(List.of("Fine"), answer.getParts());
        assertNull("the other SIM", radio(FIRST).getLastSentMultipartTextMessageParams());
        sent(answer.getSentIntents().get(0));
        delivery(answer.getDeliveryIntents().get(0), 0x00);
        becomes("Delivered", job);
        JSONObject shown = stack.console("GET", "/console/conversations/" + id + "/messages", null);
        List<JSONObject> thread = Entries.of(shown, "messages");
        assertEquals(List.of("out Fine", "in How are you?"), thread.stream()
                .map(one -> one.optString("direction") + " " + one.optString("content")).collect(Collectors.toList()));
        assertEquals(1, thread.get(0).optInt("simSlot"));
    }

    private JSONObject conversation() {
        return Entries.of(stack.api("GET", "/api/conversations", null), "conversations").stream()
                .filter(one -> one.optString("number").equals(CONTACT)).findFirst().orElse(null);
    }

    /** "How are you?" from the contact, as the radio gives it to Android (3GPP TS 23.040, SMS-DELIVER). */
    private static String pdu() {
        StringBuilder number = new StringBuilder();
        for (int i = 1; i < CONTACT.length(); i += 2) {
            number.append(CONTACT.charAt(i + 1)).append(CONTACT.charAt(i));
        }
        return "07911326040000F0040C91" + number + "00002080629173140" + "80CC8F71D14969741F977FD07";
    }
}
