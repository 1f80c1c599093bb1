package dev.smskit.phone.journal;

import android.database.sqlite.SQLiteDatabase;
import dev.smskit.phone.jobs.Failure;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.State;
import java.util.List;

/** What the radio has said of each part of a message at it, joined to one word on the job. */
final class Parts {
    private static final String SENT = "ok";
    private static final String DELIVERED = "delivered";
    private static final String UNDELIVERED = "undelivered";

    private record Part(String sent, String delivery) {
    }

    private Parts() {
    }

    static void expect(SQLiteDatabase database, Key key, int count) {
        database.execSQL(
                "DELETE FROM parts WHERE job_id = ? AND token = ?", new Object[] {key.jobId(), key.token()});
        for (int part = 0; part < count; part++) {
            database.execSQL(
                    "INSERT INTO parts (job_id, token, part) VALUES (?, ?, ?)",
                    new Object[] {key.jobId(), key.token(), part});
        }
    }

    /** {@code code} is null for a part that went out, and may have the network's cause behind a colon. Whether the job's state has changed. */
    static boolean sent(SQLiteDatabase database, Key key, int part, String code, String at) {
        int news = Database.change(
                database, "UPDATE parts SET sent = ? WHERE job_id = ? AND token = ? AND part = ? AND sent IS NULL",
                code == null ? SENT : code, key.jobId(), key.token(), part);
        return news == 1 && settle(database, key, at);
    }

    /** A part that was delivered was sent, whatever became of the word of it. Whether the job's state has changed. */
    static boolean delivered(SQLiteDatabase database, Key key, int part, boolean isDelivered, String at) {
        int news = Database.change(
                database,
                "UPDATE parts SET delivery = ?, sent = ? WHERE job_id = ? AND token = ? AND part = ? AND delivery IS NULL",
                isDelivered ? DELIVERED : UNDELIVERED, SENT, key.jobId(), key.token(), part);
        return news == 1 && settle(database, key, at);
    }

    private static boolean settle(SQLiteDatabase database, Key key, String at) {
        List<Part> parts = Database.select(
                database, row -> new Part(row.getString(0), row.getString(1)),
                "SELECT sent, delivery FROM parts WHERE job_id = ? AND token = ? ORDER BY part", key.jobId(), key.token());
        if (parts.stream().anyMatch(part -> part.sent() == null)) {
            return false;
        }
        boolean changed = conclude(database, key, parts, at);
        if (parts.stream().allMatch(part -> DELIVERED.equals(part.delivery()))) {
            changed |= JobRows.finish(database, key.jobId(), State.DELIVERED, at, null);
        }
        return changed;
    }

    /** Once a part is out the message is neither sent nor unsent: a new attempt would send that part twice. */
    private static boolean conclude(SQLiteDatabase database, Key key, List<Part> parts, String at) {
        long out = parts.stream().filter(part -> SENT.equals(part.sent())).count();
        if (out == parts.size()) {
            return JobRows.finish(database, key.jobId(), State.SENT, at, null);
        }
        String refusal = parts.stream().map(Part::sent).filter(sent -> !SENT.equals(sent)).findFirst().get();
        String[] codeAndCause = refusal.split(":", 2);
        String cause = codeAndCause.length == 1 ? "" : " (cause " + codeAndCause[1] + ")";
        if (out == 0) {
            Failure refused = new Failure(codeAndCause[0], "the radio refused the message" + cause);
            return JobRows.finish(database, key.jobId(), State.FAILED, at, refused);
        }
        Failure failure = Failure.unknown(
                codeAndCause[0] + cause + " after " + out + " of " + parts.size() + " parts were sent");
        return JobRows.finish(database, key.jobId(), State.UNKNOWN, at, failure);
    }
}
