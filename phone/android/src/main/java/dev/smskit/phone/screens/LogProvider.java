package dev.smskit.phone.screens;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.database.Cursor;
import android.database.MatrixCursor;
import android.net.Uri;
import android.os.ParcelFileDescriptor;
import android.provider.OpenableColumns;
import dev.smskit.phone.App;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lets the app that the person shares the log with read it, as one file, and nothing else of this app. */
public final class LogProvider extends ContentProvider {
    static final String FILE = "smskit-log.txt";

    @Override
    public boolean onCreate() {
        return true;
    }

    @Override
    public String getType(Uri uri) {
        return "text/plain";
    }

    @Override
    public ParcelFileDescriptor openFile(Uri uri, String mode) throws FileNotFoundException {
        if (!("/" + FILE).equals(uri.getPath()) || !"r".equals(mode)) {
            throw new FileNotFoundException();
        }
        return openPipeHelper(uri, "text/plain", null, log(), (pipe, asked, type, options, text) -> {
            try {
                new FileOutputStream(pipe.getFileDescriptor()).write(text); // the helper closes the pipe
            } catch (IOException closed) {
                App.of(getContext()).events().emit("log_not_read");
            }
        });
    }

    private byte[] log() {
        return App.of(getContext()).events().read().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Cursor query(Uri uri, String[] projection, String selection, String[] arguments, String order) {
        String[] columns = projection == null
                ? new String[] {OpenableColumns.DISPLAY_NAME, OpenableColumns.SIZE} : projection;
        Object[] values = new Object[columns.length];
        for (int i = 0; i < columns.length; i++) {
            values[i] = switch (columns[i]) {
                case OpenableColumns.DISPLAY_NAME -> FILE;
                case OpenableColumns.SIZE -> log().length;
                default -> null;
            };
        }
        MatrixCursor cursor = new MatrixCursor(columns, 1);
        cursor.addRow(values);
        return cursor;
    }

    @Override
    public Uri insert(Uri uri, ContentValues values) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int delete(Uri uri, String selection, String[] arguments) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int update(Uri uri, ContentValues values, String selection, String[] arguments) {
        throw new UnsupportedOperationException();
    }
}
