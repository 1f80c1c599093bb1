package dev.smskit.phone.journal;

import android.database.sqlite.SQLiteDatabase;
import java.time.Instant;
import java.util.List;

/**
 * How many parts each SIM was given, and when: what limits are counted from. Times are the server's, since the phone's own
 * clock may be set: nothing is handed over before the server's is known.
 */
public final class Usage {
    /** One hand-over. */
    public record Use(long at, int simSlot, int parts) {
    }

    private static final String LAST = "(SELECT at FROM usage ORDER BY id DESC LIMIT 1)";

    private final Database database;

    Usage(Database database) {
        this.database = database;
    }

    /** In the transaction that hands the message over; {@code at} as its report has it. */
    static void add(SQLiteDatabase writing, int simSlot, int parts, String at) {
        writing.execSQL(
                "INSERT INTO usage (at, sim_slot, parts) VALUES (?, ?, ?)",
                new Object[] {Instant.parse(at).toEpochMilli(), simSlot, parts});
    }

    /** All hand-overs since then, the earliest first. */
    public List<Use> since(long at) {
        return read("at >= ?", at);
    }

    /** The last hand-over and those of so many milliseconds before it, the earliest first. */
    public List<Use> last(long millis) {
        return read("at > " + LAST + " - ?", millis);
    }

    private List<Use> read(String condition, long value) {
        return database.read(
                row -> new Use(row.getLong(0), row.getInt(1), row.getInt(2)),
                "SELECT at, sim_slot, parts FROM usage WHERE " + condition + " ORDER BY id", value);
    }

    /** Removes what is of so many milliseconds before the last hand-over, or earlier. */
    public void prune(long millis) {
        database.write(writing -> Database.change(writing, "DELETE FROM usage WHERE at < " + LAST + " - ?", millis));
    }
}
