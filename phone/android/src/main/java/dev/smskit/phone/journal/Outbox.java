package dev.smskit.phone.journal;

import android.database.Cursor;
import android.database.sqlite.SQLiteDatabase;
import dev.smskit.phone.jobs.Failure;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Report;
import dev.smskit.phone.jobs.State;
import java.util.List;

/** Reports wait here until the server has acknowledged them, under a {@code seq} that counts up across restarts. */
public final class Outbox {
    static final int REPORT_ITEMS = 50;
    private static final int REFUSALS_BEFORE_GIVEN_UP = 3;

    /**
     * The items of one report frame. A batch keeps its seq and its items however often it is sent: the server
     * recognises a repetition by the seq.
     */
    public record Batch(long seq, List<Report> reports) {
    }

    private record Row(long id, Key key, int refusals) {
        static Row of(Cursor row) {
            return new Row(row.getLong(0), new Key(row.getString(1), row.getString(2)), row.getInt(3));
        }
    }

    private final Database database;

    Outbox(Database database) {
        this.database = database;
    }

    /** The oldest batch without an ack; if there is none, what waits is numbered and becomes one. Null if nothing is. */
    public Batch nextBatch() {
        long oldest = oldest();
        if (oldest == 0 && !isEmpty()) {
            oldest = database.write(Outbox::numberWaiting);
        }
        return oldest == 0 ? null : new Batch(oldest, database.read(
                Outbox::report,
                "SELECT job_id, token, state, at, error_code, error_message FROM outbox WHERE seq = ? ORDER BY id", oldest));
    }

    private long oldest() {
        return database.read(row -> row.isNull(0) ? 0L : row.getLong(0), "SELECT min(seq) FROM outbox").get(0);
    }

    private static long numberWaiting(SQLiteDatabase writing) {
        long seq = Database.nextSeq(writing);
        writing.execSQL(
                "UPDATE outbox SET seq = ? WHERE id IN (SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT "
                        + REPORT_ITEMS + ")",
                new Object[] {seq});
        return seq;
    }

    /** Puts the job's last word into the outbox, unless one is there already. */
    public void reportAgain(Key key) {
        database.write(writing -> {
            boolean waits = 0 < Database.number(
                    writing, "SELECT count(*) FROM outbox WHERE job_id = ? AND token = ?", key.jobId(), key.token());
            for (Job job : JobRows.select(writing, "job_id = ? AND token = ?", key.jobId(), key.token())) {
                if (!waits && JobRows.BEFORE.containsKey(job.state())) {
                    add(writing, job.key(), job.state(), job.stateAt(), job.failure());
                }
            }
            return null;
        });
    }

    /** Forgets the batch. An ack for a batch that is gone already, or was renumbered, changes nothing. */
    public void acknowledge(long seq) {
        database.write(writing -> {
            for (Row row : rows(writing, seq)) {
                forget(writing, row);
            }
            return null;
        });
    }

    /**
     * Keeps a batch that the server can't use from blocking the others; returns the job that is given up, or null.
     *
     * <p>A batch of several is split in two, so that the one bad item is found; a single report goes to the end of the
     * line, and is given up at its third refusal.
     */
    public Key refuse(long seq) {
        return database.write(writing -> {
            List<Row> rows = rows(writing, seq);
            if (rows.size() == 1 && rows.get(0).refusals() + 1 >= REFUSALS_BEFORE_GIVEN_UP) {
                forget(writing, rows.get(0));
                return rows.get(0).key();
            }
            if (rows.size() == 1) {
                writing.execSQL(
                        "UPDATE outbox SET refusals = refusals + 1 WHERE id = ?", new Object[] {rows.get(0).id()});
            }
            renumber(writing, rows);
            return null;
        });
    }

    /** Sends a batch that is never answered to the end of the line, in two halves. Nothing is given up. */
    public void postpone(long seq) {
        database.write(writing -> {
            renumber(writing, rows(writing, seq));
            return null;
        });
    }

    /** Whether the server knows all there is to know. */
    public boolean isEmpty() {
        return database.read(row -> 1, "SELECT 1 FROM outbox LIMIT 1").isEmpty();
    }

    /** Puts a job's new state into the outbox, in the caller's transaction. */
    static void add(SQLiteDatabase writing, Key key, State state, String at, Failure failure) {
        writing.insertOrThrow("outbox", null, Database.values(
                "job_id", key.jobId(), "token", key.token(), "state", state.word, "at", at,
                "error_code", failure == null ? null : failure.code(),
                "error_message", failure == null ? null : failure.message()));
    }

    private static void forget(SQLiteDatabase writing, Row row) {
        writing.execSQL("DELETE FROM outbox WHERE id = ?", new Object[] {row.id()});
        writing.execSQL(
                "UPDATE jobs SET acknowledged = 1 WHERE job_id = ? AND token = ?",
                new Object[] {row.key().jobId(), row.key().token()});
    }

    private static List<Row> rows(SQLiteDatabase reading, long seq) {
        return Database.select(
                reading, Row::of, "SELECT id, job_id, token, refusals FROM outbox WHERE seq = ? ORDER BY id", seq);
    }

    /** Two halves under new numbers. What waits unnumbered goes before them. */
    private static void renumber(SQLiteDatabase writing, List<Row> rows) {
        if (Database.number(writing, "SELECT count(*) FROM outbox WHERE seq IS NULL") > 0) {
            numberWaiting(writing);
        }
        int middle = (rows.size() + 1) / 2;
        for (List<Row> half : List.of(rows.subList(0, middle), rows.subList(middle, rows.size()))) {
            if (half.isEmpty()) {
                continue;
            }
            long seq = Database.nextSeq(writing);
            for (Row row : half) {
                writing.execSQL("UPDATE outbox SET seq = ? WHERE id = ?", new Object[] {seq, row.id()});
            }
        }
    }

    private static Report report(Cursor row) {
        Failure failure = row.isNull(4) ? null : new Failure(row.getString(4), row.getString(5));
        return new Report(
                new Key(row.getString(0), row.getString(1)), State.of(row.getString(2)), row.getString(3), failure);
    }
}
