package dev.smskit.phone.journal;

import android.database.Cursor;
import android.database.sqlite.SQLiteDatabase;
import dev.smskit.phone.inbound.InboundMessage;
import java.util.ArrayList;
import java.util.List;

/**
 * SMS that came in wait here until the server has acknowledged them, in their order, in frames that share the reports'
 * {@code seq}.
 *
 * <p>A frame keeps its seq and its messages however often it is sent. A message that the server can't use is set aside:
 * it stays here with the reason, and is sent no more.
 */
public final class Arrivals {
    static final String LEFT_BEHIND = "left-behind";
    private static final String REFUSED = "refused";
    private static final int REFUSALS_BEFORE_SET_ASIDE = 3;
    private static final int MESSAGES_PER_FRAME = 20;
    private static final int BYTES_PER_FRAME = 24 * 1024;
    private static final int ENVELOPE = 128;

    /** One {@code received} frame: its messages are JSON objects. */
    public record Frame(long seq, List<String> messages) {
    }

    private record Row(long id, String item, int bytes, int refusals) {
        static Row of(Cursor row) {
            return new Row(row.getLong(0), row.getString(1), row.getInt(2), row.getInt(3));
        }
    }

    private static final String ROWS = "SELECT id, item, bytes, refusals FROM received WHERE ";

    private final Database database;

    Arrivals(Database database) {
        this.database = database;
    }

    /** Writes down what isn't here yet, as the frame will carry it. It is on the disk when this returns. */
    public void add(List<InboundMessage.Item> items) {
        database.write(writing -> {
            for (InboundMessage.Item item : items) {
                writing.execSQL(
                        "INSERT OR IGNORE INTO received (phone_message_id, item, bytes, arrived_at) VALUES (?, ?, ?, ?)",
                        new Object[] {item.phoneMessageId(), item.json(), item.bytes(), System.currentTimeMillis()});
            }
            return null;
        });
    }

    /** The oldest frame without an ack; if there is none, the oldest messages are numbered and become one, or null. */
    public Frame nextFrame() {
        List<Long> oldest = database.read(
                row -> row.isNull(0) ? 0L : row.getLong(0),
                "SELECT seq FROM received WHERE refusal IS NULL ORDER BY id LIMIT 1");
        if (oldest.isEmpty()) {
            return null;
        }
        long seq = oldest.get(0) == 0 ? database.write(Arrivals::numberOldest) : oldest.get(0);
        return new Frame(seq, database.read(row -> row.getString(0), "SELECT item FROM received WHERE seq = ? ORDER BY id", seq));
    }

    private static long numberOldest(SQLiteDatabase writing) {
        List<Row> rows = Database.select(
                writing, Row::of, ROWS + "refusal IS NULL AND seq IS NULL ORDER BY id LIMIT " + MESSAGES_PER_FRAME);
        return number(writing, rows.subList(0, howManyFit(rows)));
    }

    /** One at least, whose own size was limited when it came. */
    private static int howManyFit(List<Row> rows) {
        int total = ENVELOPE;
        int count = 0;
        for (Row row : rows) {
            total += row.bytes() + 1;
            if (count > 0 && total > BYTES_PER_FRAME) {
                break;
            }
            count++;
        }
        return count;
    }

    /** Whether this number is of a frame that is not acknowledged yet. */
    public boolean holds(long seq) {
        return !database.read(row -> 1, "SELECT 1 FROM received WHERE seq = ? LIMIT 1", seq).isEmpty();
    }

    /** Forgets the frame's messages, and returns how many they were. */
    public int acknowledge(long seq) {
        return database.write(writing -> Database.change(writing, "DELETE FROM received WHERE seq = ?", seq));
    }

    /**
     * Keeps a frame that the server can't use from blocking the others; whether a message was set aside.
     *
     * <p>A frame of several is split in two, so that the one bad message is found and the order is kept; a single
     * message is set aside at its third refusal.
     */
    public boolean refuse(long seq) {
        return database.write(writing -> {
            List<Row> rows = rows(writing, seq);
            if (rows.size() > 1) {
                split(writing, rows);
            } else if (rows.size() == 1 && rows.get(0).refusals() + 1 >= REFUSALS_BEFORE_SET_ASIDE) {
                writing.execSQL(
                        "UPDATE received SET seq = NULL, refusal = ? WHERE id = ?", new Object[] {REFUSED, rows.get(0).id()});
                return true;
            } else if (rows.size() == 1) {
                writing.execSQL(
                        "UPDATE received SET refusals = refusals + 1 WHERE id = ?", new Object[] {rows.get(0).id()});
                number(writing, rows);
            }
            return false;
        });
    }

    /** Splits a frame that is never answered; a single message goes behind the others. Nothing is given up. */
    public void postpone(long seq) {
        database.write(writing -> {
            List<Row> rows = rows(writing, seq);
            if (rows.size() > 1) {
                split(writing, rows);
            } else {
                writing.execSQL(
                        "UPDATE received SET seq = NULL, id = (SELECT max(id) + 1 FROM received) WHERE seq = ?",
                        new Object[] {seq});
            }
            return null;
        });
    }

    /** How many the server hasn't got, without what was set aside. */
    public int waiting() {
        return database.read(row -> row.getInt(0), "SELECT count(*) FROM received WHERE refusal IS NULL").get(0);
    }

    /** How many were set aside. */
    public int setAside() {
        return database.read(row -> row.getInt(0), "SELECT count(*) FROM received WHERE refusal = ?", REFUSED).get(0);
    }

    /** Removes what was set aside and came before that time, in milliseconds since the epoch. */
    public void prune(long before) {
        database.write(writing -> Database.change(
                writing, "DELETE FROM received WHERE refusal IS NOT NULL AND arrived_at < ?", before));
    }

    private static List<Row> rows(SQLiteDatabase reading, long seq) {
        return Database.select(reading, Row::of, ROWS + "seq = ? ORDER BY id", seq);
    }

    private static void split(SQLiteDatabase writing, List<Row> rows) {
        int middle = (rows.size() + 1) / 2;
        number(writing, new ArrayList<>(rows.subList(0, middle)));
        number(writing, new ArrayList<>(rows.subList(middle, rows.size())));
    }

    private static long number(SQLiteDatabase writing, List<Row> rows) {
        long seq = Database.nextSeq(writing);
        for (Row row : rows) {
            writing.execSQL("UPDATE received SET seq = ? WHERE id = ?", new Object[] {seq, row.id()});
        }
        return seq;
    }
}
