package dev.smskit.phone.sending;

import dev.smskit.phone.Context;
import dev.smskit.phone.Timings;
import dev.smskit.phone.clock.ServerClock;
import dev.smskit.phone.connection.Link;
import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.journal.Journal;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.protocol.ServerFrame.Verdict;
import dev.smskit.phone.support.Entries;
import dev.smskit.phone.support.ManualLoop;
import dev.smskit.phone.support.Offers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.json.JSONObject;
import org.junit.After;
import org.junit.Before;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** A claim desk and its radio, by a clock that the test turns. */
@RunWith(RobolectricTestRunner.class)
public abstract class DeskTest {
    protected final ManualLoop loop = new ManualLoop();
    protected final List<JSONObject> frames = new ArrayList<>();
    protected final List<Key> handOvers = new ArrayList<>();
    protected Journal journal;
    protected Radio radio;
    protected ClaimDesk desk;
    protected Context context;

    @Before
    public void connect() {
        journal = new Journal(RuntimeEnvironment.getApplication(), "dvc_1");
        ServerClock clock = new ServerClock(loop::now);
        clock.learn(0, loop.now());
        context = new Context(journal, loop, clock, new Timings(), (event, fields) -> { }, step -> { });
        radio = new Radio(context, modem(), new Limits(loop, clock, List.of(), 0), new Radio.Others() {
            @Override
            public void giveBack(List<Key> keys, String reason) {
                desk.giveBack(keys, reason);
            }

            @Override
            public void wakeReporter() {
            }
        });
        desk = new ClaimDesk(context, radio, slots(), () -> { });
        desk.use(link());
        loop.turn(100);
    }

    @After
    public void close() {
        journal.close();
    }

    private static ClaimDesk.Slots slots() {
        return new ClaimDesk.Slots() {
            @Override
            public String objection(int simSlot) {
                return null;
            }

            @Override
            public int simIn(int simSlot) {
                return Offers.simIn(simSlot);
            }
        };
    }

    private Modem modem() {
        return new Modem() {
            @Override
            public List<String> divide(Job job) {
                return List.of(job.message());
            }

            @Override
            public void send(Job job, List<String> parts) {
                handOvers.add(job.key());
            }
        };
    }

    protected Link link() {
        return new Link() {
            @Override
            public void send(String frame) {
                try {
                    frames.add(Json.object(frame));
                } catch (dev.smskit.phone.protocol.BadFrameException error) {
                    throw new AssertionError(error);
                }
            }

            @Override
            public void close() {
            }
        };
    }

    protected List<String> claimed(int frame) {
        return Entries.of(frames.get(frame), "items").stream()
                .map(item -> item.optString("jobId")).collect(Collectors.toList());
    }

    protected void offer(String id, int priority) {
        desk.offered(new ArrayList<>(List.of(Offers.offer(Offers.key(id), priority))));
    }

    protected void go(String id) {
        desk.decided(List.of(new Verdict(Offers.key(id), true, null)));
    }

    protected void sent(String id) {
        radio.partSent(Offers.key(id), 0, null);
    }
}
