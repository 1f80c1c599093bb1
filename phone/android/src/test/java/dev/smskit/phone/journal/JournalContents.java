package dev.smskit.phone.journal;

import java.util.Map;
import java.util.TreeMap;

/** All that a journal holds of jobs. */
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
}
