package dev.smskit.phone.clock;

/** A piece of work of which one run at most is under way: asking for it again only moves it forward. */
public final class Task {
    private final Loop loop;
    private final Runnable work;
    private Loop.Timer timer;
    private long due;

    public Task(Loop loop, Runnable work) {
        this.loop = loop;
        this.work = work;
    }

    /** Runs in so many milliseconds at the latest. */
    public void within(long millis) {
        long wanted = loop.now() + Math.max(0, millis);
        if (timer != null && due <= wanted) {
            return;
        }
        cancel();
        due = wanted;
        timer = loop.after(millis, this::run);
    }

    public void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void run() {
        timer = null;
        work.run();
    }
}
