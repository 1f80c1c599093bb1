package dev.smskit.phone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import android.app.PendingIntent;
import dev.smskit.phone.support.Killed;
import dev.smskit.phone.support.PhoneTest;
import dev.smskit.phone.support.ServerJob;
import java.util.List;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/** The process dies at each step of a message's way: the radio gets it once at most, and the server hears of it. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 30, 33, 35})
public class KilledTest extends PhoneTest {
    private ServerJob job;

    private void offerAndDieAt(String step) {
        connect();
        app.dieAt(step);
        job = server.add("job_1");
        server.offer(job);
    }

    private void dead() {
        await("dead", app::isDead);
        restart();
    }

    /** Answers for the last hand-over as the radio would, whichever process is there to hear it. */
    private void radioSends() throws PendingIntent.CanceledException {
        sent(atRadio(FIRST).getSentIntents().get(0));
    }

    private void ends(String status) {
        await(status, () -> job.status.equals(status));
        assertEquals("hand-overs", 1, app.handOvers.size());
    }

    @Test
    public void beforeTheClaim() throws Exception {
        offerAndDieAt("before_claim");
        dead();
        radioSends();
        ends("Sent");
    }

    @Test
    public void afterTheClaim() throws Exception {
        offerAndDieAt("after_claim");
        dead();
        radioSends();
        ends("Sent");
    }

    @Test
    public void afterTheGo() throws Exception {
        offerAndDieAt("after_go");
        dead();
        radioSends();
        ends("Sent");
    }

    @Test
    public void afterSendingIsJournaled() {
        offerAndDieAt("after_sending_journaled");
        dead();
        await("Unknown", () -> job.status.equals("Unknown"));
        assertEquals("never handed over, since nobody could know", 0, app.handOvers.size());
    }

    @Test
    public void afterTheRadioHasIt() {
        offerAndDieAt("after_radio");
        dead();
        ends("Unknown");
    }

    @Test
    public void afterTheRadioHasItWhichAnswersTheNextProcess() throws Exception {
        offerAndDieAt("after_radio");
        dead();
        await("Unknown", () -> job.status.equals("Unknown"));
        radioSends();
        ends("Sent");
        assertEquals(List.of("Unknown", "Sent"), job.states());
    }

    @Test
    public void afterTheReportIsWritten() throws Exception {
        offerAndDieAt("after_report_written");
        PendingIntent intent = atRadio(FIRST).getSentIntents().get(0);
        try {
            sent(intent);
        } catch (Killed killed) {
            assertTrue(app.isDead());
        }
        dead();
        ends("Sent");
        assertEquals(1, job.reports.size());
    }

    @Test
    public void beforeTheReport() throws Exception {
        offerAndDieAt("before_report");
        radioSends();
        dead();
        ends("Sent");
        assertEquals(1, job.reports.size());
    }

    @Test
    public void afterTheReport() throws Exception {
        offerAndDieAt("after_report");
        radioSends();
        dead();
        ends("Sent");
        assertEquals("told once", 1, job.reports.size());
    }

    @Test
    public void beforeTheAckIsTaken() throws Exception {
        offerAndDieAt("before_ack");
        radioSends();
        dead();
        await("told again", () -> server.of("report").size() >= 2);
        assertEquals(server.of("report").get(0).optLong("seq"), server.of("report").get(1).optLong("seq"));
        ends("Sent");
        assertEquals("and applied once", 1, job.reports.size());
    }

    @Test
    public void anIntentStartsTheNextProcessBeforeItIsConnected() throws Exception {
        offerAndDieAt("after_radio");
        await("dead", app::isDead);
        PendingIntent intent = radio(FIRST).getLastSentMultipartTextMessageParams().getSentIntents().get(0);
        app.restart();
        server.drop();
        sent(intent);
        assertEquals("Sent", app.journal().get(app.handOvers.get(0)).state().word);
        connect();
        ends("Sent");
    }
}
