package dev.smskit.phone.connection;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.journal.FullDisk;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.support.Entries;
import dev.smskit.phone.support.PhoneTest;
import dev.smskit.phone.support.ServerJob;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** Offers that come late, and offers that can't be written down. */
@RunWith(RobolectricTestRunner.class)
public class OffersTest extends PhoneTest {
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
    public void anOfferThatCameTooLateIsClaimedForTheServerToJudge() {
        ServerJob late = server.add("job_late");
        server.answers.put("claim", frame -> Json.of("type", "claimed", "items", gone(frame)));
        connect();
        offerPast(late, "claimBy");
        await("claimed", () -> !server.items("claim", "job_late").isEmpty());
        await("gone", () -> app.journal().unacknowledged() == 0);
        assertTrue(server.of("decline").isEmpty());
        assertTrue(late.reports.isEmpty());
        assertNull(radio(FIRST).getLastSentMultipartTextMessageParams());
    }

    private static JSONArray gone(JSONObject claim) {
        JSONArray items = new JSONArray();
        for (JSONObject item : Entries.of(claim, "items")) {
            items.put(Json.of(
                    "jobId", item.optString("jobId"), "token", item.optString("token"), "verdict", "gone", "reason", "late"));
        }
        return items;
    }

    @Test
    public void anOfferThatHasExpiredIsGivenBack() {
        connect();
        offerPast(server.add("job_late"), "expiresAt");
        await("declined", () -> !server.items("decline", "job_late").isEmpty());
        assertEquals("expired", server.items("decline", "job_late").get(0).optString("reason"));
        assertTrue(server.items("claim", "job_late").isEmpty());
    }

    /** Offers the job when that time of it has passed. */
    private void offerPast(ServerJob job, String time) {
        JSONObject entry = server.offerFrame(List.of(job)).optJSONArray("jobs").optJSONObject(0);
        server.send(Json.of("type", "offer", "jobs", new JSONArray().put(with(entry, time))));
    }

    private static JSONObject with(JSONObject job, String name) {
        try {
            return new JSONObject(job.toString()).put(name, "2020-01-01T00:00:00.000Z").put("token", "t-" + name);
        } catch (org.json.JSONException error) {
            throw new AssertionError(error);
        }
    }

    @Test
    public void aFullDiskGivesOffersBackAndThePhoneStaysConnected() throws Exception {
        connect();
        FullDisk.refuseWrites(app.journal());
        offered("job_1");
        await("declined", () -> !server.items("decline", "job_1").isEmpty());
        assertEquals("journal-failed", server.items("decline", "job_1").get(0).optString("reason"));
        FullDisk.empty(app.journal());
        sentByRadio(offered("job_2"));
        assertEquals(1, server.of("hello").size());
    }

    @Test
    public void whatTheRadioSaysWhileTheDiskIsFullIsToldLater() throws Exception {
        connect();
        ServerJob job = offered("job_1");
        atRadio(FIRST);
        FullDisk.refuseWrites(app.journal());
        sent(radio(FIRST).getLastSentMultipartTextMessageParams().getSentIntents().get(0));
        assertTrue(job.reports.isEmpty());
        FullDisk.empty(app.journal());
        await("Sent", () -> job.status.equals("Sent"));
    }
}
