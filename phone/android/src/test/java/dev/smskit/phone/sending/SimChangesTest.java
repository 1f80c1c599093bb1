package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.robolectric.Shadows.shadowOf;

import android.app.PendingIntent;
import android.telephony.SubscriptionInfo;
import android.telephony.SubscriptionManager;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.support.PhoneTest;
import dev.smskit.phone.support.ServerJob;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowSubscriptionManager.SubscriptionInfoBuilder;

/** A message goes out by the SIM for which it was claimed, whatever becomes of SIMs and slots until then. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 30, 33, 35})
public class SimChangesTest extends PhoneTest {
    private static final int OTHER = 11;

    /** Connected, without the service that hears of SIMs from Android: a change is news to nobody. */
    private void connectUnawares() {
        server.offersInHello = false;
        app.phone().start();
        await("welcome", () -> app.phone().connectedSince() > 0);
    }

    private ServerJob claimed(String id) {
        server.mute.add("claim");
        ServerJob job = server.add(id);
        server.offer(job);
        await("claimed", () -> !server.items("claim", id).isEmpty());
        return job;
    }

    private void go(ServerJob job) {
        server.send(Json.of("type", "claimed", "items", new JSONArray().put(
                Json.of("jobId", job.jobId, "token", job.token, "verdict", "go"))));
    }

    private void declined(ServerJob job) {
        await("given back", () -> !server.items("decline", job.jobId).isEmpty());
        assertEquals("no-such-sim", server.items("decline", job.jobId).get(0).optString("reason"));
        nothingAtAnyRadio();
    }

    private void nothingAtAnyRadio() {
        for (int sim : new int[] {FIRST, SECOND, OTHER}) {
            assertNull("at SIM " + sim, radio(sim).getLastSentMultipartTextMessageParams());
        }
        assertEquals(List.of(), app.handOvers);
    }

    @Test
    public void whatWasClaimedForASimThatWasSwappedGoesBackAtOnce() {
        server.offersInHello = false;
        connect();
        ServerJob job = claimed("job_1");
        insertSims(OTHER, SECOND);
        declined(job);
    }

    @Test
    public void aGoThatComesAfterTheSwapIsDeclined() {
        connectUnawares();
        ServerJob job = claimed("job_1");
        insertSims(OTHER, SECOND);
        go(job);
        declined(job);
    }

    @Test
    public void simsThatChangedPlacesSendNothingThatWasClaimedBefore() {
        connectUnawares();
        ServerJob job = claimed("job_1");
        insertSims(SECOND, FIRST);
        go(job);
        declined(job);
    }

    @Test
    public void anESimThatIsSwitchedOffSendsNothingAndNoOtherSendsItsMessages() {
        connectUnawares();
        server.mute.add("claim");
        ServerJob job = server.add("job_1");
        job.simSlot = 1;
        server.offer(job);
        await("claimed", () -> !server.items("claim", "job_1").isEmpty());
        insertSims(FIRST);
        go(job);
        declined(job);
    }

    @Test
    public void aSimThatIsSwappedWhileTheProcessIsDeadIsKnownByTheJournal() {
        server.offersInHello = false;
        connect();
        ServerJob job = claimed("job_1");
        app.die();
        insertSims(OTHER, SECOND);
        restart();
        assertEquals("Claimed", server.of("hello").get(1).optJSONArray("open").optJSONObject(0).optString("state"));
        declined(job);
    }

    /** It waits for another message on its SIM, and nobody tells of the swap: the last look is right before Android. */
    @Test
    public void aMessageInTheLineOfASimThatIsSwappedFailsAsAbsent() throws Exception {
        connectUnawares();
        ServerJob first = server.add("job_1");
        ServerJob second = server.add("job_2");
        server.offer(first, second);
        PendingIntent sent = atRadio(FIRST).getSentIntents().get(0);
        ServerJob waiting = first.jobId.equals(app.handOvers.get(0).jobId()) ? second : first;
        await("both may go", () -> waiting.status.equals("Assigned")
                && app.journal().held().stream().anyMatch(job -> job.state().word.equals("Cleared")));
        insertSims(OTHER, SECOND);
        sent(sent);
        await("Failed", () -> waiting.states().equals(List.of("Failed")));
        JSONObject error = waiting.reports.get(0).getJSONObject("error");
        assertEquals("sim_absent", error.getString("code"));
        assertNull(radio(OTHER).getLastSentMultipartTextMessageParams());
        assertEquals("not handed over", null, app.handOvers.stream()
                .filter(key -> key.jobId().equals(waiting.jobId)).findAny().orElse(null));
    }

    @Test
    public void anotherSimOfTheSameCarrierIsAnotherSim() {
        connect();
        SubscriptionInfo twin = sim(OTHER, 0, "Carrier " + FIRST);
        SubscriptionInfo second = sim(SECOND, 1, "Carrier " + SECOND);
        shadowOf(app.getSystemService(SubscriptionManager.class)).setActiveSubscriptionInfoList(List.of(twin, second));
        await("a new hello", () -> server.of("hello").size() == 2);
        await("welcome", () -> app.phone().connectedSince() > 0);
        server.offer(server.add("job_1"));
        atRadio(OTHER);
    }

    private static SubscriptionInfo sim(int id, int slot, String carrier) {
        return SubscriptionInfoBuilder.newBuilder().setId(id).setSimSlotIndex(slot).setCarrierName(carrier)
                .buildSubscriptionInfo();
    }
}
