package dev.smskit.phone;

import dev.smskit.phone.clock.Task;
import dev.smskit.phone.journal.JournalException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Makes changes of the journal in their order; one that can't be written because the disk is full is tried again until
 * it can.
 *
 * <p>They are in memory until then, and lost if the process dies before. A job at the radio whose outcome is lost that way
 * is Unknown at the next start. May be used by several threads.
 */
public final class Insistence {
    private final Context context;
    private final Deque<Runnable> changes = new ArrayDeque<>();
    private final Task again;

    public Insistence(Context context) {
        this.context = context;
        again = new Task(context.loop(), this::attempt);
    }

    /** Now if the disk lets it, and later if not. */
    public synchronized void write(Runnable change) {
        changes.add(change);
        attempt();
    }

    private synchronized void attempt() {
        try {
            while (!changes.isEmpty()) {
                changes.peek().run();
                changes.remove();
            }
        } catch (JournalException full) {
            context.events().emit("journal_failed", "reason", full.getMessage());
            context.loop().post(() -> again.within(context.timings().journalAgain));
        }
    }
}
