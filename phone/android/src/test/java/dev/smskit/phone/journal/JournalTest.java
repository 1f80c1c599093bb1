package dev.smskit.phone.journal;

import static dev.smskit.phone.support.Offers.key;
import static dev.smskit.phone.support.Offers.offer;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import android.content.Context;
import android.database.sqlite.SQLiteDatabase;
import dev.smskit.phone.jobs.Failure;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Report;
import dev.smskit.phone.jobs.State;
import dev.smskit.phone.support.Offers;
import java.io.File;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** What the journal promises, on a real SQLite. */
@RunWith(RobolectricTestRunner.class)
public class JournalTest {
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
    public void everyCommitIsSynced() {
        Database database = new Database(context, "other.sqlite3");
        assertEquals(List.of("2"), database.read(row -> row.getString(0), "PRAGMA synchronous"));
        assertEquals(List.of("truncate"), database.read(row -> row.getString(0), "PRAGMA journal_mode"));
        assertEquals(List.of("1"), database.read(row -> row.getString(0), "PRAGMA secure_delete"));
        database.close();
    }

    @Test
    public void anOfferIsHeldOnceAndSurvivesTheProcess() {
        assertEquals(List.of(KEY), journal.hold(List.of(offer(KEY, 1)), Offers::simIn));
        assertEquals(List.of(), journal.hold(List.of(offer(KEY, 1)), Offers::simIn));
        reopen();
        assertEquals(State.CLAIMED, journal.get(KEY).state());
        assertEquals(1, journal.unacknowledged());
    }

    @Test
    public void whatWasAtTheRadioIsUnknownAfterACrash() {
        sending(KEY, 1);
        reopen();
        assertEquals(List.of(KEY), journal.recover(AT));
        assertEquals(List.of(State.UNKNOWN), states());
        assertEquals(Failure.UNKNOWN_OUTCOME, reports().get(0).failure().code());
        assertFalse("never sent again", journal.beginSending(KEY, 1, AT));
    }

    @Test
    public void whatWasClearedNeedsANewGoAfterACrash() {
        hold(KEY);
        journal.clear(List.of(KEY));
        reopen();
        journal.recover(AT);
        assertEquals(State.CLAIMED, journal.get(KEY).state());
        assertFalse(journal.beginSending(KEY, 1, AT));
    }

    @Test
    public void theTextIsErasedOnceTheRadioHasAnswered() throws Exception {
        sending(KEY, 1);
        journal.partSent(KEY, 0, null, AT);
        assertEquals("", journal.get(KEY).message());
        File file = context.getDatabasePath(Journal.FILE);
        journal.close();
        String bytes = new String(Files.readAllBytes(file.toPath()), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains("the secret text"));
    }

    @Test
    public void aBatchKeepsItsSeqAndItemsUntilItIsAcknowledgedAndNumbersGoOn() {
        for (int i = 0; i < 60; i++) {
            sending(key("job_" + i), 1);
            journal.partSent(key("job_" + i), 0, null, AT);
        }
        Outbox.Batch first = journal.outbox.nextBatch();
        assertEquals(50, first.reports().size());
        reopen();
        assertEquals(first, journal.outbox.nextBatch());
        journal.outbox.acknowledge(first.seq());
        Outbox.Batch second = journal.outbox.nextBatch();
        assertEquals(10, second.reports().size());
        assertTrue(second.seq() > first.seq());
        journal.outbox.acknowledge(first.seq());
        assertEquals(second, journal.outbox.nextBatch());
        assertEquals(10, journal.unacknowledged());
    }

    @Test
    public void aReportThatTheServerCannotUseIsFoundAndGivenUpAtItsThirdRefusal() {
        for (int i = 0; i < 4; i++) {
            sending(key("job_" + i), 1);
            journal.partSent(key("job_" + i), 0, null, AT);
        }
        Key givenUp = null;
        for (int tries = 0; tries < 20 && !journal.outbox.isEmpty(); tries++) {
            Outbox.Batch batch = journal.outbox.nextBatch();
            boolean isBad = batch.reports().stream().anyMatch(report -> report.key().equals(key("job_2")));
            if (isBad) {
                Key found = journal.outbox.refuse(batch.seq());
                givenUp = found == null ? givenUp : found;
            } else {
                journal.outbox.acknowledge(batch.seq());
            }
        }
        assertEquals(key("job_2"), givenUp);
        assertTrue(journal.outbox.isEmpty());
    }

    @Test
    public void helloListsWhatTheServerMayNotKnow() {
        hold(key("job_claimed"));
        sending(key("job_sending"), 1);
        sending(key("job_sent"), 1);
        journal.partSent(key("job_sent"), 0, null, AT);
        sending(key("job_told"), 1);
        journal.partSent(key("job_told"), 0, null, AT);
        Outbox.Batch batch = journal.outbox.nextBatch();
        journal.outbox.acknowledge(batch.seq());
        List<String> open = new ArrayList<>();
        journal.openJobs(200).forEach(job -> open.add(job.key().jobId()));
        assertEquals(List.of("job_claimed", "job_sending"), open);
        assertEquals(1, journal.openJobs(1).size());
    }

    @Test
    public void anotherPairingTellsNothingOfTheEarlierOneAndSendsNothingTwice() {
        hold(key("job_claimed"));
        sending(KEY, 1);
        journal.partSent(KEY, 0, null, AT);
        String id = journal.journalId();
        journal.close();
        journal = new Journal(context, "dvc_2");
        assertNotEquals(id, journal.journalId());
        assertTrue(journal.owed().isNothing());
        assertNull(journal.get(key("job_claimed")));
        Key again = new Key(KEY.jobId(), "another-token");
        hold(again);
        journal.clear(List.of(again));
        assertFalse(journal.beginSending(again, 1, AT));
    }

    @Test
    public void aCopyOfTheJournalIsAnotherOne() throws Exception {
        String id = journal.journalId();
        reopen();
        assertEquals(id, journal.journalId());
        journal.close();
        File file = context.getDatabasePath(Journal.FILE);
        File copy = new File(file.getPath() + ".copy");
        Files.copy(file.toPath(), copy.toPath());
        assertTrue(copy.renameTo(file));
        journal = new Journal(context, "dvc_1");
        assertNotEquals(id, journal.journalId());
    }

    /** Version 1 didn't say which SIM a job was claimed for. */
    @Test
    public void anEarlierVersionsJournalKeepsWhatTheRadioHasSeenAndGivesUpTheRest() {
        journal.close();
        context.deleteDatabase(Journal.FILE);
        SQLiteDatabase old = context.openOrCreateDatabase(Journal.FILE, Context.MODE_PRIVATE, null);
        for (String statement : Schema.STATEMENTS) {
            old.execSQL(statement.replace(" sim INTEGER NOT NULL,", ""));
        }
        for (String state : new String[] {"Claimed", "Cleared", "Sending"}) {
            old.execSQL("INSERT INTO jobs (job_id, token, sim_slot, recipient, message, segments, priority, expires_at, state,"
                    + " changed_at) VALUES (?, 't', 1, '+1', 'x', 1, 1, 0, ?, 0)", new Object[] {state, state});
        }
        old.execSQL("INSERT INTO counters VALUES ('seq', 41)");
        old.setVersion(1);
        old.close();
        journal = new Journal(context, "dvc_1");
        assertEquals(List.of(new Key("Sending", "t")), journal.recover(AT));
        assertEquals(Map.of("Sending t", "Unknown"), JournalContents.of(journal));
        assertEquals(42, journal.outbox.nextBatch().seq());
        hold(KEY);
        assertEquals(Offers.simIn(0), journal.get(KEY).sim());
    }

    @Test
    public void aFullDiskIsSaidAndWhatIsGivenUpMeanwhileIsHeldNoMore() {
        hold(KEY);
        journal.clear(List.of(KEY));
        Job held = journal.get(KEY);
        FullDisk.fill(journal);
        assertThrows(JournalException.class, () -> journal.hold(FullDisk.offers(), Offers::simIn));
        FullDisk.refuseWrites(journal);
        assertEquals(List.of(KEY), journal.release(List.of(KEY)));
        assertNull(journal.get(KEY));
        assertFalse(journal.beginSending(held.key(), 1, AT));
        FullDisk.empty(journal);
        journal.hold(List.of(), Offers::simIn);
        reopen();
        assertNull(journal.get(KEY));
    }

    @Test
    public void oldFinishedJobsGoAndOthersStay() {
        hold(key("job_claimed"));
        sending(KEY, 1);
        journal.partSent(KEY, 0, null, AT);
        journal.history.prune(Long.MAX_VALUE);
        assertEquals(State.SENT, journal.get(KEY).state());
        journal.outbox.acknowledge(journal.outbox.nextBatch().seq());
        journal.history.prune(Long.MAX_VALUE);
        assertNull(journal.get(KEY));
        assertEquals(State.CLAIMED, journal.get(key("job_claimed")).state());
    }

    @Test
    public void everyHandOverCountsOnce() {
        sending(KEY, 3);
        long at = Instant.parse(AT).toEpochMilli();
        assertEquals(List.of(new Usage.Use(at, 0, 3)), journal.usage.since(at));
        assertEquals(List.of(), journal.usage.since(at + 1));
    }

    @Test
    public void whatWasHandedOverIsCountedFromTheLastOfItWhateverTheClocksSay() {
        sending(KEY, 3);
        Key later = key("job_later");
        hold(later);
        journal.clear(List.of(later));
        journal.beginSending(later, 2, "2026-01-01T02:00:00.000Z");
        assertEquals(5, journal.usage.last(7_200_001).stream().mapToInt(Usage.Use::parts).sum());
        assertEquals(2, journal.usage.last(7_200_000).stream().mapToInt(Usage.Use::parts).sum());
        journal.usage.prune(7_200_000);
        assertEquals(2, journal.usage.since(0).size());
        journal.usage.prune(7_199_999);
        assertEquals(1, journal.usage.since(0).size());
    }
}
