package dev.smskit.phone.status;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.Manifest;
import android.content.Intent;
import android.net.Uri;
import android.os.Looper;
import android.provider.Settings;
import android.view.View;
import android.widget.TextView;
import dev.smskit.phone.MainActivity;
import dev.smskit.phone.R;
import dev.smskit.phone.jobs.State;
import dev.smskit.phone.journal.FullDisk;
import dev.smskit.phone.journal.Owed;
import dev.smskit.phone.pairing.PairingLink;
import dev.smskit.phone.support.Offers;
import dev.smskit.phone.support.PhoneTest;
import dev.smskit.phone.support.ServerJob;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;

/** What a screen sees, and what its buttons do. */
@RunWith(RobolectricTestRunner.class)
public class StatusTest extends PhoneTest {
    private StatusSnapshot shows(String what, Predicate<StatusSnapshot> expected) {
        await(what, () -> app.board().latest() != null && expected.test(app.board().latest()));
        return app.board().latest();
    }

    private Actions actions() {
        return new Actions(app);
    }

    @Test
    public void theSnapshotTellsOfConnectionSimsAndMessages() throws Exception {
        connect();
        ServerJob job = server.add("job_1");
        server.offer(job);
        sent(atRadio(FIRST).getSentIntents().get(0));
        StatusSnapshot status = shows("Sent", one -> one.today().getOrDefault(State.SENT, 0) == 1);
        assertEquals(StatusSnapshot.Pairing.PAIRED, status.pairing());
        assertTrue(status.connectedSince() > 0);
        assertEquals("Carrier 7", status.sims().get(0).carrierName());
        assertEquals(1, status.sims().get(0).partsToday());
        assertEquals(0, status.sims().get(1).partsToday());
        assertEquals("job_1", status.latest().get(0).jobId());
        assertFalse(status.toString().contains(Offers.SECRET) || status.toString().contains(Offers.RECIPIENT));
        assertFalse(status.problems().contains(Problem.NOT_CONNECTED));
    }

    @Test
    public void observersHearOfEachSnapshotOnTheMainThread() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        app.board().observe(status -> thread.set(Thread.currentThread()));
        app.changed();
        await("told", () -> thread.get() == Looper.getMainLooper().getThread());
    }

    @Test
    public void whatIsWrongIsSaidWithItsRemedy() {
        Settings.Global.putInt(app.getContentResolver(), Settings.Global.AIRPLANE_MODE_ON, 1);
        shadowOf(app).denyPermissions(Manifest.permission.SEND_SMS);
        app.phone();
        app.changed();
        StatusSnapshot status = shows("problems", one -> one.problems().contains(Problem.NO_SEND_PERMISSION));
        assertTrue(status.problems().contains(Problem.AIRPLANE_MODE));
        assertTrue(status.problems().contains(Problem.BATTERY_OPTIMISED));
        assertTrue(status.problems().contains(Problem.NOT_SERVING));
        assertFalse(status.sims().get(0).isReady());
        assertEquals(Problem.Remedy.ALLOW_SMS, Problem.NO_SEND_PERMISSION.remedy);
    }

    @Test
    public void aFullDiskIsShownAsSuch() {
        connect();
        shows("no problem yet", status -> !status.problems().contains(Problem.DISK_FULL));
        FullDisk.refuseWrites(app.journal());
        server.offer(server.add("job_1"));
        shows("full", status -> status.problems().contains(Problem.DISK_FULL));
        FullDisk.empty(app.journal());
    }

    @Test
    public void aRevokedPhoneIsShownAsOne() {
        connect();
        server.send(dev.smskit.phone.protocol.Json.of("type", "revoked"));
        StatusSnapshot status = shows("revoked", one -> one.pairing() == StatusSnapshot.Pairing.REVOKED);
        assertTrue(status.problems().contains(Problem.REVOKED));
        while (shadowOf(app).getNextStartedService() != null) {
            continue;
        }
        actions().start();
        app.phone().start();
        assertEquals(null, shadowOf(app).getNextStartedService());
        AtomicReference<Boolean> isLater = new AtomicReference<>();
        app.loop().after(300, () -> isLater.set(true));
        await("time enough to connect", () -> isLater.get() != null);
        assertEquals(1, server.of("hello").size());
    }

    @Test
    public void pauseGivesWorkBackAndTellsTheServer() throws Exception {
        connect();
        actions().pause(true);
        await("not ready", () -> server.of("heartbeat").stream().anyMatch(
                beat -> beat.toString().contains("\"isReady\":false")));
        server.offer(server.add("job_1"));
        await("declined", () -> !server.items("decline", "job_1").isEmpty());
        assertEquals("paused", server.items("decline", "job_1").get(0).getString("reason"));
        actions().pause(false);
        server.offer(server.add("job_2"));
        atRadio(FIRST);
    }

    @Test
    public void aSimThatIsSwitchedOffIsNotInTheNextHello() {
        connect();
        actions().setSim(1, false);
        await("a new hello", () -> server.of("hello").size() == 2);
        assertEquals(1, server.of("hello").get(1).optJSONArray("sims").length());
        shows("off", status -> status.sims().size() == 2 && !status.sims().get(1).isOn());
    }

    @Test
    public void anHourThatIsUsedUpIsDeclined() throws Exception {
        connect();
        actions().limitHour(1);
        server.offer(server.add("job_1"));
        sent(atRadio(FIRST).getSentIntents().get(0));
        await("Sent", () -> server.add("job_1").status.equals("Sent"));
        server.offer(server.add("job_2"));
        await("declined", () -> !server.items("decline", "job_2").isEmpty());
        assertEquals("hourly-limit", server.items("decline", "job_2").get(0).getString("reason"));
    }

    @Test
    public void unpairingTellsWhatThereIsToTellFirst() throws Exception {
        connect();
        server.mute.add("claim");
        ServerJob job = server.add("job_1");
        server.offer(job);
        await("claimed", () -> !server.items("claim", "job_1").isEmpty());
        AtomicReference<Owed> left = new AtomicReference<>();
        actions().unpair(false, left::set);
        await("unpaired", () -> left.get() != null);
        assertTrue(left.get().isNothing());
        assertEquals("shutdown", server.items("decline", "job_1").get(0).getString("reason"));
        assertEquals(null, app.credentials().load());
        shows("unpaired", status -> status.pairing() == StatusSnapshot.Pairing.UNPAIRED);
    }

    @Test
    public void whatCannotBeToldKeepsThePairingUnlessItIsToBeForgotten() throws Exception {
        connect();
        app.timings.farewell = 300;
        server.mute.add("report");
        server.offer(server.add("job_1"));
        sent(atRadio(FIRST).getSentIntents().get(0));
        AtomicReference<Owed> left = new AtomicReference<>();
        actions().unpair(false, left::set);
        await("answered", () -> left.get() != null);
        assertEquals(1, left.get().reports());
        assertEquals("dvc_1", app.credentials().load().deviceId());
        left.set(null);
        actions().unpair(true, left::set);
        await("answered", () -> left.get() != null);
        assertEquals(null, app.credentials().load());
    }

    @Test
    public void aPairingLinkAsksFirstAndPairsThen() throws Exception {
        app.credentials().forget();
        MainActivity activity = open("smskit://pair?server=" + Uri.encode(server.address()) + "&code=7H2K9-M4P1Q");
        await("asked", () -> activity.findViewById(R.id.host) != null);
        assertTrue(((TextView) activity.findViewById(R.id.address)).getText().toString().contains(server.address()));
        assertTrue("nothing before the person has agreed", server.pairings.isEmpty());
        activity.findViewById(R.id.pair).performClick();
        await("paired", () -> app.credentials().load() != null);
        JSONObject said = new JSONObject(server.pairings.get(0));
        assertEquals("7H2K9-M4P1Q", said.getString("code"));
        assertEquals("android", said.getString("platform"));
        assertEquals(2, said.getJSONArray("sims").length());
        await("serves", () -> shadowOf(app).peekNextStartedService() != null);
        activity.finish();
    }

    @Test
    public void theSameLinkTwiceIsOnePairing() {
        app.credentials().forget();
        Intent link = link("smskit://pair?server=" + Uri.encode(server.address()) + "&code=7H2K9-M4P1Q");
        ActivityController<MainActivity> controller = Robolectric.buildActivity(MainActivity.class, link).setup();
        await("asked", () -> controller.get().findViewById(R.id.pair) != null);
        controller.newIntent(link);
        controller.get().findViewById(R.id.pair).performClick();
        controller.newIntent(link);
        assertFalse("one try at a time", controller.get().findViewById(R.id.pair).isEnabled());
        await("paired", () -> app.credentials().load() != null);
        await("shown", () -> controller.get().findViewById(R.id.state) != null);
        controller.newIntent(link);
        await("told to unpair first", () -> controller.get().findViewById(R.id.pair) != null
                && controller.get().findViewById(R.id.pair).getVisibility() != View.VISIBLE);
        assertEquals(1, server.pairings.size());
        controller.get().finish();
    }

    @Test
    public void alinkOfAnotherKindIsRefused() {
        app.credentials().forget();
        MainActivity activity = open("smskit://pair?server=" + Uri.encode("http://evil.example") + "&code=ABC");
        await("told", () -> activity.findViewById(R.id.note_text) != null);
        String message = ((TextView) activity.findViewById(R.id.note_text)).getText().toString();
        assertTrue(message, message.contains("isn’t encrypted"));
        assertTrue(server.pairings.isEmpty());
    }

    @Test
    public void aPairedPhoneIsNotPairedOverByALink() {
        AtomicReference<Actions.PairResult> result = new AtomicReference<>();
        actions().pair(new PairingLink(server.address(), "ABC"), "Phone", false, result::set);
        await("answered", () -> result.get() != null);
        assertEquals(Actions.PairResult.ALREADY_PAIRED, result.get());
        assertEquals(List.of(), server.pairings);
    }

    @Test
    public void whoAsksIsNotKeptWaitingForTheDisk() {
        CountDownLatch busy = new CountDownLatch(1);
        app.loop().post(() -> awaitQuietly(busy));
        app.close();
        actions().readinessChanged();
        actions().setSim(0, true);
        actions().limitHour(0);
        assertEquals("the phone isn't opened on the thread of the screen", null, app.journal());
        busy.countDown();
        await("opened", () -> app.journal() != null);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException halted) {
            Thread.currentThread().interrupt();
        }
    }

    private MainActivity open(String link) {
        return Robolectric.buildActivity(MainActivity.class, link(link)).setup().get();
    }

    private Intent link(String link) {
        return new Intent(Intent.ACTION_VIEW, Uri.parse(link), app, MainActivity.class);
    }
}
