package dev.smskit.phone.clock;

import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A loop on a thread of its own. */
public final class ThreadLoop implements Loop {
    private static final long SHORT = 2_000;

    private final LongSupplier uptime;
    private final Consumer<Throwable> onDefect;
    private final Runnable awake;
    private final ScheduledThreadPoolExecutor executor;
    private volatile Thread thread;

    /**
     * {@code onDefect} hears of what a task throws: the loop goes on. {@code awake} keeps the device from sleeping for
     * some seconds: it runs before each task that is to run soon.
     */
    public ThreadLoop(LongSupplier uptime, Consumer<Throwable> onDefect, Runnable awake) {
        this.uptime = uptime;
        this.onDefect = onDefect;
        this.awake = awake;
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            thread = new Thread(task, "smskit");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public long now() {
        return uptime.getAsLong();
    }

    @Override
    public void post(Runnable task) {
        try {
            awake.run();
            executor.execute(guarded(task));
        } catch (RejectedExecutionException halted) {
            // As if the process had ended a moment before.
        }
    }

    @Override
    public Timer after(long millis, Runnable task) {
        if (millis <= SHORT) {
            awake.run();
        }
        try {
            Future<?> future = executor.schedule(guarded(task), Math.max(0, millis), TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException halted) {
            return () -> { };
        }
    }

    /** No task begins any more; waits for the one that runs, unless that asks for it. */
    public void halt() {
        executor.shutdownNow();
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            executor.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | StackOverflowError defect) {
                onDefect.accept(defect);
            }
        };
    }
}
