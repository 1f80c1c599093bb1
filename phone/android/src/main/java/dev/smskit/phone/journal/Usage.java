package dev.smskit.phone.journal;

import android.database.sqlite.SQLiteDatabase;
import java.util.List;

/** How many parts each SIM was given, and when: what limits are counted from. Times are of this phone's own clock. */
public final class Usage {
    /** One hand-over. */
    public record Use(long at, int simSlot, int parts) {
    }

    private final Database database;

    Usage(Database database) {
        this.database = database;
    }

    /** In the transaction that hands the message over. */
    static void add(SQLiteDatabase writing, int simSlot, int parts) {
        writing.execSQL(
                "INSERT INTO usage (at, sim_slot, parts) VALUES (?, ?, ?)",
                new Object[] {System.currentTimeMillis(), simSlot, parts});
    }

    /** All hand-overs since then, the earliest first. What a clock that was set back calls the future isn't among them. */
    public List<Use> since(long at) {
        return database.read(
                row -> new Use(row.getLong(0), row.getInt(1), row.getInt(2)),
                "SELECT at, sim_slot, parts FROM usage WHERE at >= ? AND at <= ? ORDER BY id", at, System.currentTimeMillis());
    }

    /** Removes what is of before that time. */
    public void prune(long before) {
        database.write(writing -> Database.change(
                writing, "DELETE FROM usage WHERE at < ? OR at > ?", before, System.currentTimeMillis() + 86_400_000L));
    }
}
