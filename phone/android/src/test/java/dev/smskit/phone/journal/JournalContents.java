package dev.smskit.phone.journal;

import java.util.Map;
import java.util.TreeMap;

/** What a journal holds. */
public final class JournalContents {
    private JournalContents() {
    }

    /** {@code "<jobId> <token>"} to the state. */
    public static Map<String, String> of(Journal journal) {
        Map<String, String> jobs = new TreeMap<>();
        journal.database().read(
                row -> jobs.put(row.getString(0) + " " + row.getString(1), row.getString(2)),
                "SELECT job_id, token, state FROM jobs");
        return jobs;
    }

    /** As it looks once all clocks have been set by so many milliseconds. */
    public static void setClocks(Journal journal, long by) {
        journal.database().write(writing -> {
            writing.execSQL("UPDATE jobs SET changed_at = changed_at - ?1, expires_at = expires_at - ?1", new Object[] {by});
            writing.execSQL("UPDATE received SET arrived_at = arrived_at - ?1", new Object[] {by});
            writing.execSQL("UPDATE usage SET at = at - ?1", new Object[] {by});
            return null;
        });
    }
}
