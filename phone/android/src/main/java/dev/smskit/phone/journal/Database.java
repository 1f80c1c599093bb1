package dev.smskit.phone.journal;

import android.content.ContentValues;
import android.content.Context;
import android.database.Cursor;
import android.database.sqlite.SQLiteCantOpenDatabaseException;
import android.database.sqlite.SQLiteDatabase;
import android.database.sqlite.SQLiteDiskIOException;
import android.database.sqlite.SQLiteException;
import android.database.sqlite.SQLiteFullException;
import android.database.sqlite.SQLiteOpenHelper;
import android.database.sqlite.SQLiteReadOnlyDatabaseException;
import android.util.Log;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The SQLite file under the journal. A committed transaction is on the disk before the call returns.
 *
 * <p>Every method throws JournalException while the disk is full or broken; what it was to write is then not written
 * at all. May be used by several threads.
 */
final class Database extends SQLiteOpenHelper {
    Database(Context context, String name) {
        super(context, name, null, Schema.VERSION);
        // Android's own write-ahead log syncs at checkpoints only.
        setWriteAheadLoggingEnabled(false);
    }

    @Override
    public void onConfigure(SQLiteDatabase database) {
        for (String pragma : new String[] {"journal_mode = TRUNCATE", "synchronous = FULL", "secure_delete = ON"}) {
            try (Cursor cursor = database.rawQuery("PRAGMA " + pragma, null)) {
                cursor.moveToFirst();
            }
        }
    }

    @Override
    public void onCreate(SQLiteDatabase database) {
        execute(database, Schema.STATEMENTS);
    }

    @Override
    public void onUpgrade(SQLiteDatabase database, int from, int to) {
        execute(database, Schema.FROM_1);
    }

    private static void execute(SQLiteDatabase database, String[] statements) {
        for (String statement : statements) {
            database.execSQL(statement);
        }
    }

    /** All or nothing, and on the disk once this has returned. */
    <T> T write(Function<SQLiteDatabase, T> change) {
        return guarded(() -> {
            SQLiteDatabase database = getWritableDatabase();
            database.beginTransaction();
            T result;
            try {
                result = change.apply(database);
            } catch (RuntimeException failure) {
                rollBack(database);
                throw failure;
            }
            database.setTransactionSuccessful();
            commit(database);
            return result;
        });
    }

    /** After some errors SQLite has rolled back by itself, and Android's own attempt would hide what went wrong. */
    private static void rollBack(SQLiteDatabase database) {
        try {
            database.endTransaction();
        } catch (SQLiteException nothingToRollBack) {
            Log.d("smskit", "SQLite has rolled back");
        }
    }

    /** Android leaves a transaction open whose commit failed, and the next one couldn't begin: closing undoes it. */
    private void commit(SQLiteDatabase database) {
        try {
            database.endTransaction();
        } catch (SQLiteException failure) {
            close();
            throw failure;
        }
    }

    /** Reads outside of a transaction. */
    <T> List<T> read(Function<Cursor, T> row, String query, Object... values) {
        return guarded(() -> select(getWritableDatabase(), row, query, values));
    }

    private static <T> T guarded(Supplier<T> work) {
        try {
            return work.get();
        } catch (SQLiteFullException | SQLiteDiskIOException | SQLiteReadOnlyDatabaseException
                 | SQLiteCantOpenDatabaseException failure) {
            throw new JournalException(kind(failure), failure);
        }
    }

    private static String kind(SQLiteException failure) {
        return failure.getClass().getSimpleName().replace("SQLite", "").replace("Exception", "");
    }

    /** Reads within the caller's transaction. */
    static <T> List<T> select(SQLiteDatabase database, Function<Cursor, T> row, String query, Object... values) {
        List<T> rows = new ArrayList<>();
        try (Cursor cursor = database.rawQuery(query, strings(values))) {
            while (cursor.moveToNext()) {
                rows.add(row.apply(cursor));
            }
        }
        return rows;
    }

    /** The first column of the first row, or 0 where there is none. */
    static long number(SQLiteDatabase database, String query, Object... values) {
        List<Long> rows = select(database, cursor -> cursor.isNull(0) ? 0L : cursor.getLong(0), query, values);
        return rows.isEmpty() ? 0 : rows.get(0);
    }

    /** How many rows the statement changed. */
    static int change(SQLiteDatabase database, String statement, Object... values) {
        database.execSQL(statement, values);
        return (int) number(database, "SELECT changes()");
    }

    /** Columns and values in turn. */
    static ContentValues values(Object... columns) {
        ContentValues values = new ContentValues();
        for (int i = 0; i < columns.length; i += 2) {
            Object value = columns[i + 1];
            if (value == null) {
                values.putNull((String) columns[i]);
            } else if (value instanceof Number number) {
                values.put((String) columns[i], number.longValue());
            } else {
                values.put((String) columns[i], (String) value);
            }
        }
        return values;
    }

    /** The next number for a frame of reports or received messages, in the caller's transaction. */
    static long nextSeq(SQLiteDatabase database) {
        database.execSQL("INSERT OR IGNORE INTO counters VALUES ('seq', 0)");
        database.execSQL("UPDATE counters SET value = value + 1 WHERE name = 'seq'");
        return number(database, "SELECT value FROM counters WHERE name = 'seq'");
    }

    // rawQuery binds text only, and SQLite compares a number column with text by the column's affinity.
    private static String[] strings(Object... values) {
        String[] strings = new String[values.length];
        for (int i = 0; i < values.length; i++) {
            strings[i] = String.valueOf(values[i]);
        }
        return strings;
    }
}
