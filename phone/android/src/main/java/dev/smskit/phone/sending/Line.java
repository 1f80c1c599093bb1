package dev.smskit.phone.sending;

import dev.smskit.phone.clock.Loop;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * One SIM's cleared jobs: the highest priority first, and of one priority the one that was cleared first.
 *
 * <p>An urgent claim on its way keeps lesser jobs back for {@code patience} at most: the server's answer may be lost,
 * and the others mustn't wait for it.
 */
final class Line {
    private record Entry(int priority, long number, Key key) {
    }

    private record Awaited(int priority, long until) {
    }

    private final Loop loop;
    private final long patience;
    private final PriorityQueue<Entry> cleared = new PriorityQueue<>(
            Comparator.comparingInt(Entry::priority).reversed().thenComparingLong(Entry::number));
    private final Map<Key, Awaited> awaited = new HashMap<>();
    private long count;

    Line(Loop loop, long patience) {
        this.loop = loop;
        this.patience = patience;
    }

    void add(Job job) {
        cleared.add(new Entry(job.priority(), count++, job.key()));
    }

    /** An urgent job is being claimed. */
    void expect(Key key, int priority) {
        awaited.put(key, new Awaited(priority, loop.now() + patience));
    }

    /** The claim is decided, or given up. */
    void forget(Key key) {
        awaited.remove(key);
    }

    /** The job to begin now, or null while there is none or it must wait for another. It stays until it is taken. */
    Key peek() {
        awaited.values().removeIf(one -> one.until() <= loop.now());
        int most = awaited.values().stream().mapToInt(Awaited::priority).max().orElse(0);
        return cleared.isEmpty() || cleared.peek().priority() < most ? null : cleared.peek().key();
    }

    void take(Key key) {
        cleared.removeIf(entry -> entry.key().equals(key));
    }

    /** In how many milliseconds {@link #peek} may answer otherwise by itself; -1 for never. */
    long patienceLeft() {
        long until = awaited.values().stream().mapToLong(Awaited::until).min().orElse(-1);
        return until < 0 || cleared.isEmpty() ? -1 : Math.max(1, until - loop.now());
    }
}
