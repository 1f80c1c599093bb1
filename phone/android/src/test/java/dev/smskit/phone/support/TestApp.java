package dev.smskit.phone.support;

import dev.smskit.phone.App;
import dev.smskit.phone.Context;
import dev.smskit.phone.Timings;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.sending.Modem;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The app with its real parts, on real time, counting what goes to the radio; it can be killed and begun again. */
public final class TestApp extends App {
    /** Every hand-over to Android, over all processes of the test. */
    public final List<Key> handOvers = new CopyOnWriteArrayList<>();
    public final List<String> steps = new CopyOnWriteArrayList<>();
    public Timings timings = new Timings();
    /** How long the device has slept: time that passed unseen. */
    public volatile long slept;
    private volatile String dieAt;
    private volatile boolean isDead;

    @Override
    public void onCreate() {
        FakeKeystore.install();
        timings.claimResend = 300;
        timings.reportResend = 500;
        timings.reconnectBase = 50;
        timings.reconnectCap = 200;
        timings.errorSpacing = 20;
        timings.journalAgain = 100;
        timings.refusedPause = 200;
        timings.farewell = 3_000;
        super.onCreate();
    }

    @Override
    protected long uptime() {
        return System.nanoTime() / 1_000_000 + slept;
    }

    @Override
    protected Timings timings() {
        return timings;
    }

    @Override
    protected Context.Probe probe() {
        return step -> {
            steps.add(step);
            if (step.equals(dieAt)) {
                dieAt = null;
                isDead = true;
                loop().halt();
                throw new Killed(step);
            }
        };
    }

    @Override
    protected Modem modem(String journalId) {
        Modem real = super.modem(journalId);
        return new Modem() {
            @Override
            public List<String> divide(Job job) throws RefusedException {
                return real.divide(job);
            }

            @Override
            public void send(Job job, List<String> parts) throws RefusedException {
                handOvers.add(job.key());
                real.send(job, parts);
            }
        };
    }

    public void dieAt(String step) {
        dieAt = step;
    }

    public boolean isDead() {
        return isDead;
    }

    /** Ends the process without a word. */
    public void die() {
        loop().halt();
        abandon();
    }

    /** Ends the process without a word, if it lives still, and begins another on the same disk. */
    public void restart() {
        die();
        isDead = false;
        super.onCreate();
    }
}
