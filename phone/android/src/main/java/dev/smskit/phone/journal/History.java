package dev.smskit.phone.journal;

import dev.smskit.phone.jobs.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of this phone's jobs, for people to see; kept for some days. Times are of the phone's own clock. */
public final class History {
    /** A job without its text; {@code errorCode} may be null. */
    public record Recent(String jobId, State state, int simSlot, int segments, String errorCode, long changedAt) {
    }

    private final Database database;

    History(Database database) {
        this.database = database;
    }

    /** How many jobs changed to which state since then, in milliseconds since the epoch. */
    public Map<State, Integer> counts(long since) {
        Map<State, Integer> counts = new LinkedHashMap<>();
        database.read(
                row -> counts.put(State.of(row.getString(0)), row.getInt(1)),
                "SELECT state, count(DISTINCT job_id) FROM jobs WHERE changed_at >= ? GROUP BY state", since);
        return counts;
    }

    /** The jobs that changed last, the newest first; behind them what a clock that was set back calls the future. */
    public List<Recent> latest(int limit) {
        return database.read(
                row -> new Recent(
                        row.getString(0), State.of(row.getString(1)), row.getInt(2), row.getInt(3), row.getString(4),
                        row.getLong(5)),
                "SELECT job_id, state, sim_slot, segments, error_code, changed_at FROM jobs"
                        + " ORDER BY changed_at > CAST(? AS INTEGER), changed_at DESC LIMIT " + limit,
                System.currentTimeMillis());
    }

    /** Removes finished, acknowledged jobs that have not changed since then, in milliseconds since the epoch. */
    public void prune(long before) {
        database.write(writing -> {
            writing.execSQL(
                    "DELETE FROM jobs WHERE acknowledged = 1 AND changed_at < ? AND state NOT IN ("
                            + JobRows.words(State.CLAIMED, State.CLEARED, State.SENDING) + ") AND NOT EXISTS"
                            + " (SELECT 1 FROM outbox WHERE outbox.job_id = jobs.job_id AND outbox.token = jobs.token)",
                    new Object[] {before});
            writing.execSQL("DELETE FROM parts WHERE NOT EXISTS"
                    + " (SELECT 1 FROM jobs WHERE jobs.job_id = parts.job_id AND jobs.token = parts.token)");
            return null;
        });
    }
}
