package dev.smskit.phone.clock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.app.PendingIntent;
import android.content.Intent;
import dev.smskit.phone.journal.Journal;
import dev.smskit.phone.journal.JournalContents;
import dev.smskit.phone.platform.HeartbeatAlarm;
import dev.smskit.phone.protocol.Times;
import dev.smskit.phone.status.Actions;
import dev.smskit.phone.status.StatusSnapshot;
import dev.smskit.phone.support.PhoneTest;
import dev.smskit.phone.support.ServerJob;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** The phone's own clock is set by a day, back or forward: no message is lost, none goes twice, and none waits for a day. */
@RunWith(RobolectricTestRunner.class)
public class ClockIsSetTest extends PhoneTest {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final String PDU = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07";

    /**
     * While the process is dead. The test can't set the clock of its machine: seen from a clock that was set, the server,
     * and all that was written before, are off by as much.
     */
    private void restartWithClockSetBy(long millis) {
        app.die();
        Journal journal = new Journal(app, "dvc_1");
        JournalContents.setClocks(journal, millis);
        journal.close();
        server.clockAhead -= millis;
        restart();
    }

    private void passes(long millis) {
        app.slept += millis;
        server.clockAhead += millis;
    }

    private void shows(String what, Predicate<StatusSnapshot> expected) {
        await(what, () -> app.board().latest() != null && expected.test(app.board().latest()));
    }

    private ServerJob send(String jobId) throws Exception {
        ServerJob job = server.add(jobId);
        radio(FIRST).clearLastSentMultipartTextMessageParams();
        server.offer(job);
        sent(atRadio(FIRST).getSentIntents().get(0));
        await("Sent", () -> job.status.equals("Sent"));
        return job;
    }

    private String declined(String jobId) {
        server.offer(server.add(jobId));
        await("declined", () -> !server.items("decline", jobId).isEmpty());
        return server.items("decline", jobId).get(0).optString("reason");
    }

    private void anHourIsGivenOnceAndAgainAfterAnHour(long set) throws Exception {
        server.offersInHello = false;
        connect();
        new Actions(app).limitHour(1);
        send("job_1");
        passes(HOUR / 2);
        restartWithClockSetBy(set);
        assertEquals("hourly-limit", declined("job_2"));
        shows("one part", status -> status.sims().get(0).partsThisHour() == 1);
        passes(HOUR / 2);
        send("job_3");
    }

    @Test
    public void setBackAnHourIsGivenOnceAndAgainAfterAnHour() throws Exception {
        anHourIsGivenOnceAndAgainAfterAnHour(-DAY);
    }

    @Test
    public void setForwardAnHourIsGivenOnceAndAgainAfterAnHour() throws Exception {
        anHourIsGivenOnceAndAgainAfterAnHour(DAY);
    }

    private void nothingIsLostAndNothingDoubled(long set) throws Exception {
        connect();
        ServerJob sent = send("job_sent");
        PendingIntent delivery = atRadio(FIRST).getDeliveryIntents().get(0);
        server.mute.add("received");
        receive(FIRST, PDU);
        await("said", () -> server.of("received").size() > 0);
        server.mute.add("claim");
        server.offer(server.add("job_claimed"));
        await("claimed", () -> !server.items("claim", "job_claimed").isEmpty());
        radio(FIRST).clearLastSentMultipartTextMessageParams();
        server.mute.clear();
        restartWithClockSetBy(set);
        sent(atRadio(FIRST).getSentIntents().get(0));
        delivery(delivery, 0);
        receive(SECOND, PDU);
        await("told", () -> sent.status.equals("Delivered") && server.add("job_claimed").status.equals("Sent"));
        await("forwarded", () -> server.inbound.size() == 2 && app.journal().owed().isNothing());
        assertEquals(List.of(0, 1), server.inbound.values().stream().map(one -> one.optInt("simSlot")).collect(Collectors.toList()));
        sent.status = "Pending";
        server.offer(sent);
        await("the new token's report", () -> sent.reports.size() == 3);
        assertEquals(List.of("Sent", "Delivered", "Delivered"), sent.states());
        assertEquals(2, app.handOvers.size());
    }

    @Test
    public void setBackNothingIsLostAndNothingDoubled() throws Exception {
        nothingIsLostAndNothingDoubled(-DAY);
    }

    @Test
    public void setForwardNothingIsLostAndNothingDoubled() throws Exception {
        nothingIsLostAndNothingDoubled(DAY);
    }

    @Test
    public void theLatestMessageIsTheFirstOnTheScreenAlsoOfAClockThatWasSetBack() throws Exception {
        connect();
        send("job_1");
        send("job_2");
        restartWithClockSetBy(-DAY);
        send("job_3");
        shows("the newest first", status -> List.of("job_3", "job_2", "job_1").equals(
                status.latest().stream().map(StatusSnapshot.Message::jobId).collect(Collectors.toList())));
    }

    /** A day passes, by which the phone's clock is set back. */
    @Test
    public void aPhoneThatRunsOnCountsOnAndBeatsInTime() throws Exception {
        connect();
        send("job_0");
        long since = app.phone().connectedSince();
        passes(DAY);
        new HeartbeatAlarm().onReceive(app, new Intent());
        await("beats", () -> server.of("heartbeat").size() > 0);
        assertTrue(Math.abs(since - DAY - app.phone().connectedSince()) <= 1_000);
        ServerJob job = send("job_1");
        long told = Times.parse(job.reports.get(0).getString("at"));
        assertTrue("by the server's clock", Math.abs(System.currentTimeMillis() + DAY - told) < HOUR);
    }
}
