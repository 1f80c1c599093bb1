package dev.smskit.phone.platform;

import android.content.Context;
import android.util.Log;
import dev.smskit.phone.protocol.Times;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;

/** What happened on this phone, in two files of limited size that the operator may share. No text and no number. */
public final class EventLog implements dev.smskit.phone.Context.Events {
    /** The disk is full or broken. */
    public static final String JOURNAL_FAILED = "journal_failed";

    private static final String TAG = "smskit";
    private static final long LONGEST = 128 * 1024;

    private final File current;
    private final File earlier;

    public EventLog(Context context) {
        current = new File(context.getFilesDir(), "events.log");
        earlier = new File(context.getFilesDir(), "events.1.log");
    }

    @Override
    public synchronized void emit(String event, Object... fields) {
        StringBuilder line = new StringBuilder(Times.format(System.currentTimeMillis())).append(' ').append(event);
        for (int i = 0; i + 1 < fields.length; i += 2) {
            if (fields[i + 1] != null) {
                line.append(' ').append(fields[i]).append('=').append(oneWord(fields[i + 1]));
            }
        }
        Log.i(TAG, line.toString());
        try {
            write(line.append('\n').toString());
        } catch (IOException full) {
            // A full disk must not stop the phone, and logcat has the line.
            Log.w(TAG, "events.log can't be written");
        }
    }

    /** All lines that there are, the oldest first. */
    public synchronized String read() {
        StringBuilder lines = new StringBuilder();
        for (File file : new File[] {earlier, current}) {
            try {
                if (file.exists()) {
                    lines.append(new String(Files.readAllBytes(file.toPath()), StandardCharsets.UTF_8));
                }
            } catch (IOException broken) {
                lines.append("(").append(file.getName()).append(" can't be read)\n");
            }
        }
        return lines.toString();
    }

    private void write(String line) throws IOException {
        if (current.length() > LONGEST) {
            Files.move(current.toPath(), earlier.toPath(), StandardCopyOption.REPLACE_EXISTING);
        }
        try (FileOutputStream out = new FileOutputStream(current, true)) {
            out.write(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String oneWord(Object value) {
        String text = value.toString().replaceAll("[^ -~]", "?").replace(' ', '_');
        return text.substring(0, Math.min(100, text.length()));
    }
}
