package dev.smskit.phone.journal;

import android.content.Context;
import android.database.sqlite.SQLiteDatabase;
import dev.smskit.phone.jobs.Failure;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.jobs.State;
import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;

/**
 * What the phone must still know after a crash: which jobs it holds, which ones the radio has seen, and what arrived.
 *
 * <p>Each method is one transaction, on the disk when it returns. The order of the calls is the guarantee: {@code hold}
 * before the claim goes out, {@code beginSending} before the radio is called, each report in the transaction that
 * changes its job. Throws JournalException while the disk is full or broken. What it holds of another phone than
 * {@code deviceId}, from before this one was paired, is left behind.
 */
public final class Journal {
    public static final String FILE = "journal.sqlite3";
    static final Failure CRASHED = Failure.unknown("the phone stopped while the radio had the message");

    public final Outbox outbox;
    public final Arrivals arrivals;
    public final Usage usage;
    public final History history;

    private final Database database;
    private final Identity identity;
    private final Set<Key> givenUp = new HashSet<>();

    public Journal(Context context, String deviceId) {
        database = new Database(context, FILE);
        outbox = new Outbox(database);
        arrivals = new Arrivals(database);
        usage = new Usage(database);
        history = new History(database);
        File file = context.getDatabasePath(FILE);
        identity = database.write(writing -> identify(writing, deviceId, file));
    }

    private static Identity identify(SQLiteDatabase writing, String deviceId, File file) {
        String place = Identity.placeOf(file);
        Identity known = Identity.read(writing);
        if (known != null && known.deviceId().equals(deviceId) && known.place().equals(place)) {
            return known;
        }
        if (known != null && !known.deviceId().equals(deviceId)) {
            Identity.leaveBehind(writing);
        }
        return Identity.renew(writing, deviceId, place);
    }

    /** Of this journal and no other, a copy included. */
    public String journalId() {
        return identity.journalId();
    }

    Database database() {
        return database;
    }

    /** What the server has not been told yet. */
    public Owed owed() {
        return database.write(Identity::owed);
    }

    /** The journal is complete at any time; this only releases the file. */
    public void close() {
        database.close();
    }

    /** After a start: what was at the radio is Unknown and reported so; what was cleared needs a new {@code go}. */
    public List<Key> recover(String at) {
        return database.write(writing -> {
            List<Job> lost = JobRows.select(writing, "state = ?", State.SENDING.word);
            for (Job job : lost) {
                JobRows.move(writing, job.key(), State.UNKNOWN, at, CRASHED);
            }
            writing.execSQL("UPDATE jobs SET state = 'Claimed' WHERE state = 'Cleared'");
            return keys(lost);
        });
    }

    /**
     * Writes down offers that are about to be claimed, each with the SIM that {@code simIn} says is in its slot; returns
     * those that were not known yet.
     */
    public synchronized List<Key> hold(Collection<Offer> offers, IntUnaryOperator simIn) {
        List<Key> held = database.write(writing -> {
            givenUp.forEach(key -> JobRows.release(writing, key));
            List<Key> news = new ArrayList<>();
            for (Offer offer : offers) {
                if (JobRows.insert(writing, offer, simIn.applyAsInt(offer.simSlot()))) {
                    news.add(offer.key());
                }
            }
            return news;
        });
        givenUp.clear();
        return held;
    }

    /** The job as journaled, or null when the phone does not hold it. */
    public Job get(Key key) {
        List<Job> jobs = jobs("job_id = ? AND token = ?", key.jobId(), key.token());
        return jobs.isEmpty() ? null : jobs.get(0);
    }

    /** All tokens under which the phone knows this job. */
    public List<Key> keysOf(String jobId) {
        return keys(jobs("job_id = ?", jobId));
    }

    /** Claimed or cleared, and not yet at the radio. */
    public List<Job> held() {
        return jobs("state IN (" + JobRows.words(State.CLAIMED, State.CLEARED) + ")");
    }

    /** How many jobs there are that the server may hold this phone to: it has acknowledged no report of them. */
    public int unacknowledged() {
        return database.read(row -> row.getInt(0), "SELECT count(*) FROM jobs WHERE acknowledged = 0").get(0);
    }

    /** Claimed → Cleared; returns the jobs that this call has cleared. A restart takes that back in any case. */
    public synchronized List<Job> clear(Collection<Key> keys) {
        return database.write(writing -> {
            List<Job> cleared = new ArrayList<>();
            for (Key key : keys) {
                int changed = givenUp.contains(key) ? 0 : Database.change(
                        writing, "UPDATE jobs SET state = 'Cleared' WHERE job_id = ? AND token = ? AND state = 'Claimed'",
                        key.jobId(), key.token());
                if (changed == 1) {
                    cleared.addAll(JobRows.select(writing, "job_id = ? AND token = ?", key.jobId(), key.token()));
                }
            }
            return cleared;
        });
    }

    /**
     * Gives up jobs that the radio has not seen; returns which ones these were.
     *
     * <p>While that can't be written they are given up all the same: this process holds them no more, and the next one
     * lists them in its {@code hello}, where the server says {@code drop}.
     */
    public synchronized List<Key> release(Collection<Key> keys) {
        List<Key> held = new ArrayList<>();
        for (Key key : keys) {
            Job job = get(key);
            if (job != null && job.state().isHeld()) {
                held.add(key);
            }
        }
        try {
            database.write(writing -> {
                held.forEach(key -> JobRows.release(writing, key));
                return null;
            });
        } catch (JournalException full) {
            givenUp.addAll(held);
        }
        return held;
    }

    /**
     * Cleared → Sending, in so many parts. True: the caller must now hand it over. False: it must not.
     *
     * <p>When the radio has seen this job under another token, its state becomes this one's too and is reported.
     */
    public synchronized boolean beginSending(Key key, int parts, String at) {
        if (givenUp.contains(key)) {
            return false;
        }
        return database.write(writing -> {
            List<Job> jobs = JobRows.select(
                    writing, "job_id = ? AND token = ? AND state = 'Cleared'", key.jobId(), key.token());
            if (jobs.isEmpty()) {
                return false;
            }
            Job seen = JobRows.seenByRadio(writing, key);
            if (seen != null) {
                JobRows.move(writing, key, seen.state(), seen.stateAt(), seen.failure());
                return false;
            }
            JobRows.move(writing, key, State.SENDING, at, null);
            Parts.expect(writing, key, parts);
            Usage.add(writing, jobs.get(0).simSlot(), parts, at);
            return true;
        });
    }

    /**
     * For a {@code go} whose claim is not in the journal: if the radio has seen the job under another token, reports its
     * state under this one, since giving it back would send it twice.
     */
    public boolean adopt(Key key) {
        return database.write(writing -> {
            Job seen = JobRows.seenByRadio(writing, key);
            if (seen == null) {
                return false;
            }
            JobRows.insert(writing, new Offer(key, seen.simSlot(), "", "", seen.segments(), 0, 0, 0), seen.sim());
            JobRows.move(writing, key, seen.state(), seen.stateAt(), seen.failure());
            return true;
        });
    }

    /** Records what the radio said of the whole job, for every token of it, each with its report. Idempotent. */
    public boolean finish(String jobId, State state, String at, Failure failure) {
        return database.write(writing -> JobRows.finish(writing, jobId, state, at, failure));
    }

    /** The radio has sent a part, or refused it with {@code code}; whether the job has a new state by it. Idempotent. */
    public boolean partSent(Key key, int part, String code, String at) {
        return database.write(writing -> Parts.sent(writing, key, part, code, at));
    }

    /** The network's last word on a part; whether the job has a new state by it. Idempotent. */
    public boolean partDelivered(Key key, int part, boolean isDelivered, String at) {
        return database.write(writing -> Parts.delivered(writing, key, part, isDelivered, at));
    }

    /** What {@code hello} lists: all that the server may not know about, what it has heard nothing of first. */
    public List<Job> openJobs(int limit) {
        return jobs("(state IN (" + JobRows.words(State.CLAIMED, State.CLEARED, State.SENDING) + ") OR EXISTS"
                + " (SELECT 1 FROM outbox WHERE outbox.job_id = jobs.job_id AND outbox.token = jobs.token))"
                + " ORDER BY acknowledged, changed_at LIMIT " + limit);
    }

    private synchronized List<Job> jobs(String condition, Object... values) {
        List<Job> jobs = database.read(JobRows::job, JobRows.COLUMNS + condition, values);
        jobs.removeIf(job -> givenUp.contains(job.key()));
        return jobs;
    }

    private static List<Key> keys(List<Job> jobs) {
        return jobs.stream().map(Job::key).collect(Collectors.toList());
    }
}
