package dev.smskit.phone.platform;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.PendingIntent;
import android.content.Intent;
import android.telephony.SmsManager;
import dev.smskit.phone.status.Problem;
import dev.smskit.phone.support.PhoneTest;
import dev.smskit.phone.support.ServerJob;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowNetwork;

/** Networks go and come, as Android tells of them, at any moment of a message's way. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 33, 35})
public class NetworksTest extends PhoneTest {
    private static final String PDU = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07";

    private void airplaneMode(boolean isOn) {
        setAirplaneMode(isOn);
        await("offline or online", () -> isOn == (app.phone().connectedSince() == 0));
    }

    /** Time for many a try, and alarms that wake the phone meanwhile: none is made. */
    private void triesNothing() {
        int before = server.tries.get();
        for (int alarm = 0; alarm < 3; alarm++) {
            new HeartbeatAlarm().onReceive(app, new Intent());
            service().onStartCommand(new Intent(), 0, 2);
        }
        AtomicBoolean isLater = new AtomicBoolean();
        app.loop().after(3 * app.timings.reconnectCap, () -> isLater.set(true));
        await("time passes", isLater::get);
        assertEquals("tries without a network", before, server.tries.get());
    }

    @Test
    public void airplaneModeIsSaidAndEndsTheTriesAndTheNextNetworkIsTriedAtOnce() {
        connect();
        airplaneMode(true);
        await("shown", () -> app.board().latest() != null && app.board().latest().problems().contains(Problem.AIRPLANE_MODE));
        triesNothing();
        app.timings.reconnectCap = 600_000;
        airplaneMode(false);
        assertEquals(2, server.of("hello").size());
        await("not shown", () -> !app.board().latest().problems().contains(Problem.AIRPLANE_MODE));
    }

    @Test
    public void aClaimStandsThroughAirplaneModeAndIsOneHandOver() throws Exception {
        connect();
        server.mute.add("claim");
        ServerJob job = server.add("job_1");
        server.offer(job);
        await("claimed", () -> !server.items("claim", "job_1").isEmpty());
        airplaneMode(true);
        triesNothing();
        assertEquals(List.of(), app.handOvers);
        server.mute.clear();
        airplaneMode(false);
        sent(atRadio(FIRST).getSentIntents().get(0));
        await("Sent", () -> job.states().equals(List.of("Sent")));
        assertEquals(1, app.handOvers.size());
    }

    @Test
    public void whatHappensWithoutANetworkIsToldOnceWhenOneComes() throws Exception {
        connect();
        ServerJob job = server.add("job_1");
        server.offer(job);
        List<PendingIntent> sent = atRadio(FIRST).getSentIntents();
        List<PendingIntent> delivered = atRadio(FIRST).getDeliveryIntents();
        loseNetwork();
        await("offline", () -> app.phone().connectedSince() == 0);
        sent(sent.get(0));
        delivery(delivered.get(0), 0);
        receive(SECOND, PDU);
        triesNothing();
        assertEquals(List.of(), job.states());
        findNetwork();
        await("told", () -> job.states().equals(List.of("Sent", "Delivered")) && server.inbound.size() == 1);
        await("acknowledged", () -> app.journal().owed().isNothing());
        assertEquals(1, app.handOvers.size());
    }

    @Test
    public void aMessageThatTheRadioRefusesInAirplaneModeIsTriedAgainByTheServerAlone() throws Exception {
        connect();
        ServerJob job = server.add("job_1");
        server.offer(job);
        PendingIntent refused = atRadio(FIRST).getSentIntents().get(0);
        airplaneMode(true);
        radio(FIRST).clearLastSentMultipartTextMessageParams();
        answer(refused, SmsManager.RESULT_ERROR_RADIO_OFF, null);
        triesNothing();
        assertEquals(1, app.handOvers.size());
        airplaneMode(false);
        await("Failed", () -> job.states().contains("Failed"));
        assertEquals("radio_off", job.reports.get(0).getJSONObject("error").getString("code"));
        server.offer(job);
        sent(atRadio(FIRST).getSentIntents().get(0));
        await("Sent", () -> job.states().equals(List.of("Failed", "Sent")));
        assertEquals("another hand-out is another hand-over", 2, app.handOvers.stream().distinct().count());
    }

    @Test
    public void aPhoneThatStartsWithoutANetworkWaitsForOne() {
        shadowOf(connectivity()).setDefaultNetworkActive(false);
        serve();
        triesNothing();
        assertEquals(0, server.tries.get());
        app.timings.reconnectCap = 600_000;
        findNetwork();
        await("online", () -> app.phone().connectedSince() > 0);
    }

    @Test
    public void aConnectionOnItsWayOverADeadNetworkIsNotWaitedFor() {
        app.timings.openTimeout = 600_000;
        server.isSilent = true;
        serve();
        await("a try", () -> server.tries.get() == 1);
        server.isSilent = false;
        tell(callback -> callback.onAvailable(ShadowNetwork.newInstance(77)));
        await("online", () -> app.phone().connectedSince() > 0);
    }

    @Test
    public void anotherNetworkIsAnotherConnectionAndTheSameOneIsNone() {
        connect();
        findNetwork();
        tell(callback -> callback.onAvailable(ShadowNetwork.newInstance(77)));
        await("a new hello", () -> server.of("hello").size() == 2);
        await("online", () -> app.phone().connectedSince() > 0);
        tell(callback -> callback.onLost(ShadowNetwork.newInstance(78)));
        server.offer(server.add("job_1"));
        atRadio(FIRST);
        assertEquals("what is lost wasn't in use", 2, server.of("hello").size());
        assertTrue(app.phone().connectedSince() > 0);
    }
}
