package dev.smskit.phone.journal;

import android.database.sqlite.SQLiteDatabase;
import dev.smskit.phone.jobs.State;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/**
 * Which journal this is and whose: the id is bound to the phone, and to the place of the file, neither of which goes
 * with a copy.
 */
record Identity(String journalId, String deviceId, String place) {
    /** The file's inode: a journal that is copied or restored has another. */
    static String placeOf(File file) {
        try {
            return "inode:" + Files.getAttribute(file.toPath(), "unix:ino");
        } catch (IOException failure) {
            throw new JournalException("NoInode", failure);
        }
    }

    /** Null in a new journal. */
    static Identity read(SQLiteDatabase database) {
        List<Identity> known = Database.select(
                database,
                row -> new Identity(row.getString(0), row.getString(1), row.getString(2)),
                "SELECT journal_id, device_id, place FROM identity");
        return known.isEmpty() ? null : known.get(0);
    }

    /** A new random id, in the caller's transaction. */
    static Identity renew(SQLiteDatabase database, String deviceId, String place) {
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        database.execSQL("DELETE FROM identity");
        database.execSQL("INSERT INTO identity VALUES (?, ?, ?)", new Object[] {id, deviceId, place});
        return new Identity(id, deviceId, place);
    }

    /** Counts what is still to be told. */
    static Owed owed(SQLiteDatabase database) {
        long reports = Database.number(database, "SELECT count(*) FROM outbox")
                + Database.number(database, "SELECT count(*) FROM jobs WHERE state = ?", State.SENDING.word);
        long claims = Database.number(
                database, "SELECT count(*) FROM jobs WHERE state IN (?, ?)", State.CLAIMED.word, State.CLEARED.word);
        return new Owed(reports, claims, Database.number(database, "SELECT count(*) FROM received WHERE refusal IS NULL"));
    }

    /**
     * Makes sure that nothing of an earlier phone is told under another device id. What its radio has seen stays known,
     * so that it is never sent again.
     */
    static void leaveBehind(SQLiteDatabase database) {
        database.execSQL("DELETE FROM outbox");
        database.execSQL(
                "DELETE FROM jobs WHERE state IN (?, ?)", new Object[] {State.CLAIMED.word, State.CLEARED.word});
        // Confirmations of the earlier phone's messages are not waited for: there is nobody to tell.
        database.execSQL(
                "UPDATE jobs SET acknowledged = 1, message = '', "
                        + "state = CASE WHEN state IN (?, ?, ?) THEN 'Unknown' ELSE state END",
                new Object[] {State.SENDING.word, State.SENT.word, State.UNKNOWN.word});
        database.execSQL("DELETE FROM parts");
        database.execSQL(
                "UPDATE received SET seq = NULL, refusal = ? WHERE refusal IS NULL", new Object[] {Arrivals.LEFT_BEHIND});
    }
}
