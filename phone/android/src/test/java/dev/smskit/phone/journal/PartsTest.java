package dev.smskit.phone.journal;

import static dev.smskit.phone.support.Offers.key;
import static dev.smskit.phone.support.Offers.offer;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import android.content.Context;
import dev.smskit.phone.jobs.Failure;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Report;
import dev.smskit.phone.jobs.State;
import dev.smskit.phone.support.Offers;
import java.util.ArrayList;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** What the radio says of parts, joined to one word on the message. */
@RunWith(RobolectricTestRunner.class)
public class PartsTest {
    private static final String AT = "2026-01-01T00:00:00.000Z";
    private static final Key KEY = key("job_1");

    private Context context;
    private Journal journal;

    @Before
    public void open() {
        context = RuntimeEnvironment.getApplication();
        journal = new Journal(context, "dvc_1");
    }

    @After
    public void close() {
        journal.close();
    }

    /** As a process that died leaves it: what was committed is there, nothing else. */
    private void reopen() {
        journal.close();
        journal = new Journal(context, "dvc_1");
    }

    private void hold(Key key) {
        journal.hold(List.of(offer(key, 1)), Offers::simIn);
    }

    private void sending(Key key, int parts) {
        hold(key);
        journal.clear(List.of(key));
        assertTrue(journal.beginSending(key, parts, AT));
    }

    private List<Report> reports() {
        Outbox.Batch batch = journal.outbox.nextBatch();
        return batch == null ? List.of() : batch.reports();
    }

    private List<State> states() {
        List<State> states = new ArrayList<>();
        reports().forEach(report -> states.add(report.state()));
        return states;
    }

    @Test
    public void theRadiosWordComesAfterTheCrashAndCorrectsIt() {
        sending(KEY, 1);
        reopen();
        journal.recover(AT);
        assertTrue(journal.partSent(KEY, 0, null, AT));
        assertEquals(List.of(State.UNKNOWN, State.SENT), states());
    }

    @Test
    public void aMessageIsSentWhenEveryPartIsAndDeliveredWhenEveryPartIs() {
        sending(KEY, 2);
        assertFalse(journal.partSent(KEY, 1, null, AT));
        assertFalse("two reports of one part", journal.partSent(KEY, 1, null, AT));
        assertTrue(journal.partSent(KEY, 0, null, AT));
        assertFalse(journal.partDelivered(KEY, 0, true, AT));
        assertFalse(journal.partDelivered(KEY, 0, true, AT));
        assertTrue(journal.partDelivered(KEY, 1, true, AT));
        assertEquals(List.of(State.SENT, State.DELIVERED), states());
    }

    @Test
    public void aDeliveryThatOvertakesTheSentIntentsProvesThem() {
        sending(KEY, 2);
        journal.partDelivered(KEY, 0, true, AT);
        assertTrue(journal.partDelivered(KEY, 1, true, AT));
        assertEquals(List.of(State.SENT, State.DELIVERED), states());
        assertFalse(journal.partSent(KEY, 0, "generic_failure", AT));
    }

    @Test
    public void aPartThatIsNotDeliveredLeavesTheMessageSent() {
        sending(KEY, 2);
        journal.partSent(KEY, 0, null, AT);
        journal.partSent(KEY, 1, null, AT);
        journal.partDelivered(KEY, 0, true, AT);
        assertFalse(journal.partDelivered(KEY, 1, false, AT));
        assertEquals(List.of(State.SENT), states());
    }

    @Test
    public void aPartThatFailsAfterAnotherWasSentIsSaidAndNeverSentAgain() {
        sending(KEY, 3);
        journal.partSent(KEY, 0, null, AT);
        journal.partSent(KEY, 1, "no_service", AT);
        assertTrue(journal.partSent(KEY, 2, "no_service", AT));
        Report report = reports().get(0);
        assertEquals(State.UNKNOWN, report.state());
        assertEquals("no_service after 1 of 3 parts were sent", report.failure().message());
        Key again = new Key(KEY.jobId(), "another-token");
        hold(again);
        journal.clear(List.of(again));
        assertFalse(journal.beginSending(again, 3, AT));
    }

    @Test
    public void aMessageOfWhichNothingWentOutFailsWithTheNetworksCauseAndMayBeTriedAgain() {
        sending(KEY, 2);
        journal.partSent(KEY, 0, "generic_failure:38", AT);
        journal.partSent(KEY, 1, "generic_failure:38", AT);
        assertEquals(new Failure("generic_failure", "the radio refused the message (cause 38)"), reports().get(0).failure());
        Key again = new Key(KEY.jobId(), "another-token");
        hold(again);
        journal.clear(List.of(again));
        assertTrue(journal.beginSending(again, 2, AT));
    }

    @Test
    public void aJobThatTheRadioHasSeenIsNotSentUnderAnotherToken() {
        sending(KEY, 1);
        journal.partSent(KEY, 0, null, AT);
        Key again = new Key(KEY.jobId(), "another-token");
        assertTrue(journal.adopt(again));
        assertEquals(List.of(State.SENT, State.SENT), states());
        assertFalse(journal.adopt(key("job_2")));
    }

    @Test
    public void whatAnUnknownPartTellsIsNothing() {
        assertFalse(journal.partSent(key("job_of_before"), 0, null, AT));
        sending(KEY, 1);
        assertFalse(journal.partSent(KEY, 7, null, AT));
        assertEquals(State.SENDING, journal.get(KEY).state());
    }
}
