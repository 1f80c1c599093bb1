package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.Manifest;
import android.app.PendingIntent;
import android.content.Intent;
import android.telephony.SmsManager;
import dev.smskit.phone.platform.PhoneService;
import dev.smskit.phone.status.Actions;
import dev.smskit.phone.support.Offers;
import dev.smskit.phone.support.PhoneTest;
import dev.smskit.phone.support.ServerJob;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.shadows.ShadowLog;
import org.robolectric.shadows.ShadowSmsManager;

/** A message's way from the server to Android's SmsManager and back. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 30, 33, 35})
public class SendingTest extends PhoneTest {
    private ServerJob job(String id) {
        ServerJob job = server.add(id);
        server.offer(job);
        return job;
    }

    private static String times(String text, int count) {
        return String.join("", Collections.nCopies(count, text));
    }

    @Test
    public void aMessageOfTwoPartsIsSentAndDelivered() throws Exception {
        connect();
        ServerJob job = server.add("job_1");
        job.message = times("long ", 50);
        server.offer(job);
        ShadowSmsManager.TextMultipartParams params = atRadio(FIRST);
        assertEquals(Offers.RECIPIENT, params.getDestinationAddress());
        assertEquals(job.message, String.join("", params.getParts()));
        assertEquals(2, new HashSet<>(params.getSentIntents()).size());
        sent(params.getSentIntents().get(1));
        sent(params.getSentIntents().get(0));
        await("Sent", () -> job.status.equals("Sent"));
        delivery(params.getDeliveryIntents().get(0), 0x30);
        delivery(params.getDeliveryIntents().get(0), 0x00);
        delivery(params.getDeliveryIntents().get(1), 0x01);
        await("Delivered", () -> job.status.equals("Delivered"));
        assertEquals(List.of("Sent", "Delivered"), job.states());
        assertEquals(1, app.handOvers.size());
    }

    @Test
    public void theSimOfTheOfferSendsIt() {
        connect();
        ServerJob job = server.add("job_1");
        job.simSlot = 1;
        server.offer(job);
        atRadio(SECOND);
        assertEquals(null, radio(FIRST).getLastSentMultipartTextMessageParams());
    }

    @Test
    public void aPartThatFailsAfterAnotherWasSentIsUnknownAndTheJobIsNeverSentAgain() throws Exception {
        connect();
        ServerJob job = server.add("job_1");
        job.message = times("long ", 50);
        server.offer(job);
        ShadowSmsManager.TextMultipartParams params = atRadio(FIRST);
        sent(params.getSentIntents().get(0));
        answer(params.getSentIntents().get(1), SmsManager.RESULT_ERROR_NO_SERVICE, null);
        await("Unknown", () -> job.status.equals("Unknown"));
        JSONObject error = job.reports.get(0).getJSONObject("error");
        assertEquals("unknown_outcome", error.getString("code"));
        assertEquals("no_service after 1 of 2 parts were sent", error.getString("message"));
        job.status = "Pending";
        server.offer(job);
        await("the new token's report", () -> job.reports.size() == 2);
        assertEquals(1, app.handOvers.size());
    }

    @Test
    public void aRefusalOfTheRadioIsFailedWithTheProtocolsCode() throws Exception {
        connect();
        server.offersInHello = false;
        ServerJob job = job("job_1");
        answer(atRadio(FIRST).getSentIntents().get(0), SmsManager.RESULT_ERROR_GENERIC_FAILURE,
                new Intent().putExtra("errorCode", 38));
        await("Failed", () -> job.states().equals(List.of("Failed")));
        JSONObject error = job.reports.get(0).getJSONObject("error");
        assertEquals("generic_failure", error.getString("code"));
        assertTrue(error.getString("message").contains("38"));
    }

    @Test
    public void reportsOfOneSecondAreToldEachInTheirOrder() throws Exception {
        connect();
        server.mute.add("report");
        ServerJob first = job("job_1");
        ShadowSmsManager.TextMultipartParams params = atRadio(FIRST);
        ServerJob second = server.add("job_2");
        second.simSlot = 1;
        server.offer(second);
        ShadowSmsManager.TextMultipartParams others = atRadio(SECOND);
        sent(params.getSentIntents().get(0));
        sent(others.getSentIntents().get(0));
        delivery(others.getDeliveryIntents().get(0), 0);
        delivery(params.getDeliveryIntents().get(0), 0);
        server.mute.clear();
        List<String> states = List.of("Sent", "Delivered");
        await("told", () -> first.states().equals(states) && second.states().equals(states));
        await("acknowledged", () -> app.journal().owed().isNothing());
    }

    /** SmsManager on a phone whose owner has just taken the permission away. */
    @Implements(SmsManager.class)
    public static final class Forbidden extends ShadowSmsManager {
        @Implementation
        @Override
        protected void sendMultipartTextMessage(
                String to, String center, ArrayList<String> parts, ArrayList<PendingIntent> sent,
                ArrayList<PendingIntent> delivered) {
            throw new SecurityException("SEND_SMS");
        }
    }

    @Test
    @Config(shadows = Forbidden.class)
    public void aPermissionThatIsWithdrawnAtTheLastMomentFailsTheMessageOnce() throws Exception {
        connect();
        ServerJob job = job("job_1");
        await("Failed", () -> job.states().equals(List.of("Failed")));
        assertEquals("permission_denied", job.reports.get(0).getJSONObject("error").getString("code"));
        assertEquals(1, app.handOvers.size());
    }

    @Test
    public void reportsOfAFormerInstallationAreNobodys() throws Exception {
        connect();
        ServerJob job = job("job_1");
        atRadio(FIRST);
        PendingIntent former = PartIntents.of(
                app, PartIntents.SENT, "another-journal", app.handOvers.get(0), 1).get(0);
        sent(former);
        assertEquals("Sending", app.journal().get(app.handOvers.get(0)).state().word);
        sent(radio(FIRST).getLastSentMultipartTextMessageParams().getSentIntents().get(0));
        await("Sent", () -> job.status.equals("Sent"));
        assertEquals(1, job.reports.size());
    }

    @Test
    public void sixteenHundredEmojiAreRefusedBeforeAPartIsSent() {
        connect();
        server.offersInHello = false;
        ServerJob job = server.add("job_1");
        job.message = times("\ud83d\ude00", 1_600);
        server.offer(job);
        await("Failed", () -> job.states().equals(List.of("Failed")));
        assertEquals("limit_exceeded", job.reports.get(0).optJSONObject("error").optString("code"));
        assertEquals(0, app.handOvers.size());
    }

    @Test
    public void thirtyPartsAMinuteGoOutAndTheRestWaits() throws Exception {
        connect();
        ServerJob[] jobs = new ServerJob[4];
        for (int i = 0; i < jobs.length; i++) {
            jobs[i] = server.add("job_" + i);
            jobs[i].message = times("long ", 300);
        }
        server.offer(jobs);
        for (int i = 0; i < 3; i++) {
            List<PendingIntent> intents = atRadio(FIRST).getSentIntents();
            assertEquals(10, intents.size());
            radio(FIRST).clearLastSentMultipartTextMessageParams();
            for (PendingIntent intent : intents) {
                sent(intent);
            }
        }
        await("three are sent", () -> server.jobs.values().stream().filter(job -> job.status.equals("Sent")).count() == 3);
        assertEquals(3, app.handOvers.size());
    }

    @Test
    public void withdrawnPermissionGivesTheJobBack() {
        connect();
        shadowOf(app).denyPermissions(Manifest.permission.SEND_SMS);
        job("job_1");
        await("declined", () -> !server.items("decline", "job_1").isEmpty());
        assertEquals("permission-denied", server.items("decline", "job_1").get(0).optString("reason"));
        assertEquals(0, app.handOvers.size());
    }

    @Test
    public void aSimThatIsTakenOutIsSaidInANewHelloAndItsJobsGoBack() {
        connect();
        insertSims(FIRST);
        app.phone().simsChanged();
        await("a new hello", () -> server.of("hello").size() == 2);
        assertEquals(1, server.of("hello").get(1).optJSONArray("sims").length());
        await("welcome", () -> app.phone().connectedSince() > 0);
        ServerJob job = server.add("job_1");
        job.simSlot = 1;
        server.offer(job);
        await("declined", () -> !server.items("decline", "job_1").isEmpty());
        assertEquals("no-such-sim", server.items("decline", "job_1").get(0).optString("reason"));
    }

    @Test
    public void aPhoneThatMaySeeItsSimsOnlyLaterSaysThemThen() {
        shadowOf(app).denyPermissions(Manifest.permission.READ_PHONE_STATE);
        connect();
        assertEquals(0, server.of("hello").get(0).optJSONArray("sims").length());
        shadowOf(app).grantPermissions(Manifest.permission.READ_PHONE_STATE);
        new Actions(app).permissionsChanged();
        await("a new hello", () -> server.of("hello").size() == 2);
        assertEquals(2, server.of("hello").get(1).optJSONArray("sims").length());
        assertEquals(PhoneService.class.getName(), shadowOf(app).getNextStartedService().getComponent().getClassName());
        await("welcome", () -> app.phone().connectedSince() > 0);
        ServerJob job = server.add("job_1");
        job.simSlot = 1;
        server.offer(job);
        atRadio(SECOND);
    }

    @Test
    public void aHeartbeatThatFindsOtherSimsIsANewHello() {
        connect();
        app.phone().readinessChanged();
        await("a heartbeat", () -> server.of("heartbeat").size() == 1);
        insertSims(FIRST);
        await("answered", () -> app.phone().connectedSince() > 0);
        app.phone().readinessChanged();
        await("a new hello", () -> server.of("hello").size() == 2);
        assertEquals(1, server.of("hello").get(1).optJSONArray("sims").length());
        assertEquals(1, server.of("heartbeat").size());
    }

    @Test
    public void simsThatChangedPlacesSendFromWhereTheyAreNow() {
        connect();
        insertSims(SECOND, FIRST);
        app.phone().simsChanged();
        await("a new hello", () -> server.of("hello").size() == 2);
        JSONObject sim = server.of("hello").get(1).optJSONArray("sims").optJSONObject(0);
        assertEquals("Carrier 9", sim.optString("carrierName"));
        await("welcome", () -> app.phone().connectedSince() > 0);
        job("job_1");
        atRadio(SECOND);
        assertEquals(null, radio(FIRST).getLastSentMultipartTextMessageParams());
    }

    @Test
    public void noTextAndNoNumberIsInAnyLog() throws Exception {
        ShadowLog.clear();
        connect();
        ServerJob job = job("job_1");
        sent(atRadio(FIRST).getSentIntents().get(0));
        await("Sent", () -> job.status.equals("Sent"));
        receive(FIRST, "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07");
        await("forwarded", () -> app.events().read().contains("forwarded"));
        StringBuilder logs = new StringBuilder(app.events().read());
        ShadowLog.getLogsForTag("smskit").forEach(line -> logs.append(line.msg));
        assertTrue(logs.toString().contains("job_1"));
        for (String secret : new String[] {Offers.SECRET, "254700000001", "31641600986", "How are you", "dt_secret"}) {
            assertFalse(secret, logs.toString().replace("_", " ").contains(secret.replace("_", " ")));
        }
    }
}
