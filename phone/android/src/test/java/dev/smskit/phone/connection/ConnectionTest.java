package dev.smskit.phone.connection;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.os.BatteryManager;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.protocol.Times;
import dev.smskit.phone.support.PhoneTest;
import dev.smskit.phone.support.ServerJob;
import java.util.Collections;
import java.util.List;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.shadows.ShadowBatteryManager;

/** What the phone and its server say to each other, whatever the network and the server do. */
@RunWith(RobolectricTestRunner.class)
public class ConnectionTest extends PhoneTest {
    private ServerJob offered(String id) {
        ServerJob job = server.add(id);
        server.offer(job);
        return job;
    }

    private void sentByRadio(ServerJob job) throws Exception {
        sent(atRadio(FIRST).getSentIntents().get(0));
        await("Sent", () -> job.status.equals("Sent"));
    }

    @Test
    public void helloTellsWhatThePhoneIsAndHas() throws Exception {
        connect();
        JSONObject hello = server.of("hello").get(0);
        assertEquals(1, hello.getInt("protocol"));
        assertEquals("0.1.0", hello.getString("appVersion"));
        assertEquals(app.journal().journalId(), hello.getString("journalId"));
        assertTrue(hello.getJSONObject("capabilities").getBoolean("deliveryReports"));
        assertEquals("Carrier 9", hello.getJSONArray("sims").getJSONObject(1).getString("carrierName"));
        assertEquals(3, hello.getJSONArray("sims").getJSONObject(0).getInt("window"));
        assertEquals(0, hello.getJSONArray("open").length());
        assertFalse(hello.getString("networkType").isEmpty());
    }

    @Test
    public void heartbeatsComeAtTheServersIntervalAndTellOfEachSim() throws Exception {
        ShadowBatteryManager battery = shadowOf(app.getSystemService(BatteryManager.class));
        battery.setIntProperty(BatteryManager.BATTERY_PROPERTY_CAPACITY, 57);
        battery.setIsCharging(true);
        server.heartbeatSeconds = 1;
        connect();
        await("two heartbeats", () -> server.of("heartbeat").size() >= 2);
        JSONObject beat = server.of("heartbeat").get(0);
        assertTrue(beat.getJSONArray("sims").getJSONObject(0).getBoolean("isReady"));
        assertEquals(57, beat.getInt("batteryLevel"));
        assertTrue(beat.getBoolean("isCharging"));
        assertEquals("cellular", beat.getString("networkType"));
    }

    @Test
    public void aLostConnectionIsMadeAgainAndTheClaimsStand() throws Exception {
        connect();
        server.mute.add("claim");
        ServerJob job = offered("job_1");
        await("claimed", () -> !server.items("claim", "job_1").isEmpty());
        server.mute.clear();
        server.drop();
        await("a second hello", () -> server.of("hello").size() == 2);
        assertEquals("job_1", server.of("hello").get(1).getJSONArray("open").getJSONObject(0).getString("jobId"));
        sentByRadio(job);
        assertEquals(1, app.handOvers.size());
    }

    @Test
    public void aClaimWithoutAnAnswerIsSaidAgain() throws Exception {
        connect();
        server.mute.add("claim");
        ServerJob job = offered("job_1");
        await("said again", () -> server.items("claim", "job_1").size() >= 2);
        server.mute.clear();
        sentByRadio(job);
        assertEquals(1, app.handOvers.size());
    }

    @Test
    public void everythingTwiceIsOnceAtTheRadio() throws Exception {
        connect();
        ServerJob job = server.add("job_1");
        JSONObject offer = server.offerFrame(List.of(job));
        server.send(offer);
        server.send(offer);
        await("at the radio", () -> app.handOvers.size() == 1);
        server.send(Json.of("type", "claimed", "items", new org.json.JSONArray().put(
                Json.of("jobId", "job_1", "token", job.token, "verdict", "go"))));
        server.send(offer);
        sentByRadio(job);
        assertEquals(1, app.handOvers.size());
        assertEquals(1, job.reports.size());
    }

    @Test
    public void aServerWhoseClockIsADayAheadIsBelieved() throws Exception {
        server.clockAhead = 86_400_000;
        connect();
        sentByRadio(offered("job_1"));
    }

    @Test
    public void aGoForWhatThePhoneNeverClaimedIsDeclined() {
        connect();
        server.send(Json.of("type", "claimed", "items", new org.json.JSONArray().put(
                Json.of("jobId", "job_x", "token", "t", "verdict", "go"))));
        await("declined", () -> !server.items("decline", "job_x").isEmpty());
        assertEquals("unknown-claim", server.items("decline", "job_x").get(0).optString("reason"));
    }

    @Test
    public void configTakesASimOutAndInAgain() throws Exception {
        connect();
        config(false);
        offered("job_1");
        await("declined", () -> !server.items("decline", "job_1").isEmpty());
        assertEquals("sim-disabled", server.items("decline", "job_1").get(0).optString("reason"));
        config(true);
        sentByRadio(offered("job_2"));
    }

    private void config(boolean isEnabled) {
        server.send(Json.of("type", "config", "heartbeatSeconds", 300, "sims", new org.json.JSONArray().put(
                Json.of("simSlot", 0, "isEnabled", isEnabled))));
    }

    @Test
    public void garbageHugeFramesAndWrongTypesArePassedOver() throws Exception {
        connect();
        String[] garbage = {
            "", "nonsense", "[]", "{\"type\":17}", "{\"type\":\"offer\",\"jobs\":\"many\"}",
            "{\"type\":\"claimed\",\"items\":[{\"jobId\":1,\"token\":2,\"verdict\":3}]}", "{\"type\":\"tomorrow\"}",
            "{\"type\":\"ack\",\"seq\":\"x\"}", "{\"type\":\"ack\",\"seq\":99999999999}",
            "{\"type\":\"config\",\"sims\":[null]}", "{\"type\":\"error\"}",
            "{\"type\":\"ack\",\"seq\":1,\"x\":\"" + String.join("", Collections.nCopies(3_000_000, "x")) + "\"}",
            String.join("", Collections.nCopies(100_000, "{\"a\":")),
        };
        for (String text : garbage) {
            server.sendText(text);
        }
        sentByRadio(offered("job_1"));
        assertEquals("on the same connection", 1, server.of("hello").size());
    }

    @Test
    public void aRevokedPhoneSaysNoMoreAndSendsNothing() throws Exception {
        connect();
        server.offer(server.add("job_1"), server.add("job_2"));
        android.app.PendingIntent first = atRadio(FIRST).getSentIntents().get(0);
        server.send(Json.of("type", "revoked"));
        await("revoked", () -> app.credentials().load().isRevoked());
        sent(first);
        java.util.concurrent.atomic.AtomicBoolean isLater = new java.util.concurrent.atomic.AtomicBoolean();
        app.loop().after(200, () -> isLater.set(true));
        await("the radio had its turn", isLater::get);
        assertEquals("what waited for the radio stays here", 1, app.handOvers.size());
        app.restart();
        assertNull(app.phone());
        assertEquals(1, server.of("hello").size());
    }

    @Test
    public void anUnpairedTokenIsTriedAgainWithoutAStorm() {
        server.refuseWith = 401;
        serve();
        await("refused", () -> app.phone().refusedStatus() == 401);
        server.refuseWith = 0;
        await("welcome", () -> app.phone().connectedSince() > 0);
        assertEquals(1, server.of("hello").size());
    }

    @Test
    public void aServerThatNeverSaysWelcomeIsLeft() {
        app.timings.helloTimeout = 200;
        server.mute.add("hello");
        serve();
        await("a second hello on another connection", () -> server.of("hello").size() >= 2);
        server.mute.clear();
        await("welcome", () -> app.phone().connectedSince() > 0);
    }

    @Test
    public void oneHeartbeatIsUnderWayAtATime() {
        connect();
        server.mute.add("heartbeat");
        app.phone().readinessChanged();
        app.phone().readinessChanged();
        app.phone().readinessChanged();
        await("a heartbeat", () -> server.of("heartbeat").size() == 1);
        server.mute.clear();
        server.send(Json.of("type", "heartbeat.ack", "serverTime", Times.format(System.currentTimeMillis())));
        await("the next, with the newest word", () -> server.of("heartbeat").size() == 2);
        server.offer(server.add("job_1"));
        await("claimed", () -> !server.items("claim", "job_1").isEmpty());
        assertEquals(2, server.of("heartbeat").size());
    }

    @Test
    public void aHeartbeatThatGetsNoAnswerEndsTheConnection() {
        app.timings.answerTimeout = 200;
        server.heartbeatSeconds = 1;
        connect();
        server.mute.add("heartbeat");
        await("a second hello", () -> server.of("hello").size() >= 2);
    }

    @Test
    public void thePhoneReconnectsByItselfBeforeItsTimeIsUp() {
        app.timings.lifetimeLeast = 300;
        app.timings.lifetimeMost = 400;
        connect();
        await("a second hello", () -> server.of("hello").size() >= 2);
    }

    @Test
    public void anotherNetworkIsAnotherConnection() {
        connect();
        app.phone().networkChanged(false);
        await("offline", () -> app.phone().connectedSince() == 0);
        app.phone().networkChanged(true);
        await("online", () -> app.phone().connectedSince() > 0);
        assertEquals(2, server.of("hello").size());
    }

    @Test
    public void theForegroundServiceIsSeen() {
        connect();
        assertNotNull(org.robolectric.Shadows.shadowOf(service()).getLastForegroundNotification());
    }
}
