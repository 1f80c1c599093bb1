package dev.smskit.phone.journal;

import android.database.Cursor;
import android.database.sqlite.SQLiteDatabase;
import dev.smskit.phone.jobs.Failure;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.jobs.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows of the table of jobs, each change within the caller's transaction. */
final class JobRows {
    /** From which states a word of the radio moves a job. */
    static final Map<State, List<State>> BEFORE = Map.of(
            State.SENT, List.of(State.SENDING, State.UNKNOWN),
            State.FAILED, List.of(State.SENDING),
            State.UNKNOWN, List.of(State.SENDING),
            State.DELIVERED, List.of(State.SENT, State.UNKNOWN));

    static final String COLUMNS = "SELECT job_id, token, sim_slot, sim, recipient, message, segments, priority, expires_at,"
            + " state, state_at, error_code, error_message FROM jobs WHERE ";

    private JobRows() {
    }

    static Job job(Cursor row) {
        Failure failure = row.isNull(11) ? null : new Failure(row.getString(11), row.getString(12));
        return new Job(
                new Key(row.getString(0), row.getString(1)), row.getInt(2), row.getInt(3), row.getString(4),
                row.getString(5), row.getInt(6), row.getInt(7), row.getLong(8), State.of(row.getString(9)),
                row.getString(10), failure);
    }

    /** {@code condition} is always a literal of this package. */
    static List<Job> select(SQLiteDatabase database, String condition, Object... values) {
        return Database.select(database, JobRows::job, COLUMNS + condition, values);
    }

    /** Whether the offer was not known yet. {@code sim}: which SIM is to send it. */
    static boolean insert(SQLiteDatabase database, Offer offer, int sim) {
        return 1 == Database.change(
                database,
                "INSERT OR IGNORE INTO jobs (job_id, token, sim_slot, sim, recipient, message, segments, priority,"
                        + " expires_at, state, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                offer.key().jobId(), offer.key().token(), offer.simSlot(), sim, offer.recipient(), offer.message(),
                offer.segments(), offer.priority(), offer.expiresAt(), State.CLAIMED.word, System.currentTimeMillis());
    }

    static void release(SQLiteDatabase database, Key key) {
        database.execSQL(
                "DELETE FROM jobs WHERE job_id = ? AND token = ? AND state IN ('Claimed', 'Cleared')",
                new Object[] {key.jobId(), key.token()});
    }

    /** Writes a state; all but Sending are reported, and need the text no more. */
    static void move(SQLiteDatabase database, Key key, State state, String at, Failure failure) {
        int moved = Database.change(
                database,
                "UPDATE jobs SET state = ?, state_at = ?, error_code = ?, error_message = ?, changed_at = ?,"
                        + " message = CASE WHEN ? = 'Sending' THEN message ELSE '' END WHERE job_id = ? AND token = ?",
                state.word, at, failure == null ? null : failure.code(), failure == null ? null : failure.message(),
                System.currentTimeMillis(), state.word, key.jobId(), key.token());
        if (moved == 1 && state != State.SENDING) {
            Outbox.add(database, key, state, at, failure);
        }
    }

    /** Moves every token of the job from where that word is news; whether there was one. */
    static boolean finish(SQLiteDatabase database, String jobId, State state, String at, Failure failure) {
        boolean changed = false;
        for (Job job : select(database, "job_id = ?", jobId)) {
            if (BEFORE.get(state).contains(job.state())) {
                move(database, job.key(), state, at, failure);
                changed = true;
            }
        }
        return changed;
    }

    /**
     * The job under another token, if it was handed over, or null. A radio that refused it for the moment has not sent
     * it, and the server's next attempt may pass; any other earlier hand-over stands for good.
     */
    static Job seenByRadio(SQLiteDatabase database, Key key) {
        for (Job job : select(database, "job_id = ? AND token <> ? ORDER BY changed_at DESC", key.jobId(), key.token())) {
            boolean mayBeRetried = job.state() == State.FAILED && job.failure() != null && job.failure().isTransient();
            if (!job.state().isHeld() && !mayBeRetried) {
                return job;
            }
        }
        return null;
    }

    /** A list for {@code IN}. */
    static String words(State... states) {
        return Arrays.stream(states).map(state -> "'" + state.word + "'").collect(Collectors.joining(", "));
    }
}
