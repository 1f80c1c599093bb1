package dev.smskit.phone.journal;

import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.support.Offers;
import java.util.List;

/** Plays a disk that is full, or that has turned read-only, under a journal. */
public final class FullDisk {
    private FullDisk() {
    }

    /** Nothing that needs another page can be written. */
    public static void fill(Journal journal) {
        Database database = journal.database();
        long pages = database.read(row -> row.getLong(0), "PRAGMA page_count").get(0);
        database.read(row -> row.getLong(0), "PRAGMA max_page_count = " + pages);
    }

    /** Nothing at all can be written. */
    public static void refuseWrites(Journal journal) {
        journal.database().read(row -> 0, "PRAGMA query_only = 1");
    }

    public static void empty(Journal journal) {
        journal.database().read(row -> 0, "PRAGMA query_only = 0");
        journal.database().read(row -> row.getLong(0), "PRAGMA max_page_count = 1000000");
    }

    /** Too many for the pages that there are. */
    static List<Offer> offers() {
        List<Offer> offers = new java.util.ArrayList<>();
        for (int i = 0; i < 500; i++) {
            offers.add(Offers.offer("job_more_" + i));
        }
        return offers;
    }
}
