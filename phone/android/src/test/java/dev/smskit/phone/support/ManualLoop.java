package dev.smskit.phone.support;

import dev.smskit.phone.clock.Loop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** A loop whose time a test turns by hand. */
public final class ManualLoop implements Loop {
    private record Entry(long at, long number, Runnable task) {
    }

    private final List<Entry> timers = new ArrayList<>();
    private final Deque<Runnable> posted = new ArrayDeque<>();
    private long now = 1_000_000;
    private long count;

    @Override
    public long now() {
        return now;
    }

    @Override
    public void post(Runnable task) {
        posted.add(task);
    }

    @Override
    public Timer after(long millis, Runnable task) {
        Entry entry = new Entry(now + Math.max(0, millis), count++, task);
        timers.add(entry);
        return () -> timers.remove(entry);
    }

    /** As when the process dies. */
    public void forgetAll() {
        timers.clear();
        posted.clear();
    }

    /** Lets so many milliseconds pass while the device sleeps: what falls due in them isn't done. */
    public void sleep(long millis) {
        now += millis;
    }

    /** Lets so many milliseconds pass, and does what falls due in them. */
    public void turn(long millis) {
        long until = now + millis;
        runPosted();
        while (true) {
            Entry next = timers.stream().filter(entry -> entry.at() <= until)
                    .min(Comparator.comparingLong(Entry::at).thenComparingLong(Entry::number)).orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            now = Math.max(now, next.at());
            next.task().run();
            runPosted();
        }
        now = until;
    }

    private void runPosted() {
        while (!posted.isEmpty()) {
            posted.remove().run();
        }
    }
}
