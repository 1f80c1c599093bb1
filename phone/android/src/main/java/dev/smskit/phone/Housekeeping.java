package dev.smskit.phone;

import dev.smskit.phone.clock.Task;
import dev.smskit.phone.journal.JournalException;

/** Forgets what nobody asks for any more, once an hour. */
final class Housekeeping {
    private static final long DAY = 86_400_000L;
    /** Longer than the longest validity of a job, 72 h. */
    private static final long JOBS = 4 * DAY;
    private static final long SET_ASIDE = 30 * DAY;
    private static final long USAGE = 2 * DAY;
    private static final long AGAIN = 3_600_000L;

    private final Context context;
    private final Task task;

    Housekeeping(Context context) {
        this.context = context;
        task = new Task(context.loop(), this::keepHouse);
    }

    void start() {
        task.within(0);
    }

    void stop() {
        task.cancel();
    }

    private void keepHouse() {
        try {
            long now = System.currentTimeMillis();
            context.journal().history.prune(now - JOBS);
            context.journal().arrivals.prune(now - SET_ASIDE);
            context.journal().usage.prune(USAGE);
        } catch (JournalException full) {
            context.events().emit("journal_failed", "reason", full.getMessage());
        }
        task.within(AGAIN);
    }
}
