package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.Context;
import dev.smskit.phone.Timings;
import dev.smskit.phone.clock.ServerClock;
import dev.smskit.phone.connection.Link;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.journal.Journal;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.protocol.ServerFrame.Resolution;
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
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** Claims and the radio by a clock that the test turns: what goes first, what waits for whom and for how long. */
@RunWith(RobolectricTestRunner.class)
public class UrgentTest {
    private final ManualLoop loop = new ManualLoop();
    private final List<JSONObject> frames = new ArrayList<>();
    private final List<Key> handOvers = new ArrayList<>();
    private Journal journal;
    private Radio radio;
    private ClaimDesk desk;

    @Before
    public void connect() {
        journal = new Journal(RuntimeEnvironment.getApplication(), "dvc_1");
        ServerClock clock = new ServerClock(loop::now);
        clock.learn(0, loop.now());
        Context context = new Context(journal, loop, clock, new Timings(), (event, fields) -> { }, step -> { });
        radio = new Radio(context, modem(), new Limits(loop, List.of(), 0, 0), new Radio.Others() {
            @Override
            public void giveBack(List<Key> keys, String reason) {
                desk.giveBack(keys, reason);
            }

            @Override
            public void wakeReporter() {
            }
        });
        desk = new ClaimDesk(context, radio, slot -> null, () -> { });
        desk.use(link());
        loop.turn(100);
    }

    @After
    public void close() {
        journal.close();
    }

    private Modem modem() {
        return new Modem() {
            @Override
            public List<String> divide(int simSlot, String text) {
                return List.of(text);
            }

            @Override
            public void send(Key key, int simSlot, String recipient, List<String> parts) {
                handOvers.add(key);
            }
        };
    }

    private Link link() {
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

    private List<String> claimed(int frame) {
        return Entries.of(frames.get(frame), "items").stream()
                .map(item -> item.optString("jobId")).collect(Collectors.toList());
    }

    private void offer(String id, int priority) {
        desk.offered(new ArrayList<>(List.of(Offers.offer(Offers.key(id), priority))));
    }

    private void go(String id) {
        desk.decided(List.of(new Verdict(Offers.key(id), true, null)));
    }

    private void sent(String id) {
        radio.partSent(Offers.key(id), 0, null);
    }

    @Test
    public void theFirstClaimOfABurstGoesAtOnceAndTheRestTogether() {
        offer("job_1", 1);
        loop.turn(0);
        offer("job_2", 1);
        offer("job_3", 1);
        loop.turn(4);
        assertEquals(1, frames.size());
        loop.turn(1);
        assertEquals(List.of("job_2", "job_3"), claimed(1));
    }

    @Test
    public void anUrgentClaimWaitsForNoneAndGoesInAFrameOfItsOwn() {
        offer("job_1", 1);
        loop.turn(0);
        offer("job_2", 1);
        offer("otp", 9);
        loop.turn(0);
        assertEquals(List.of("otp"), claimed(1));
    }

    @Test
    public void untilAnUrgentClaimIsAnsweredTheRadioBeginsNothingLesser() {
        offer("bulk", 0);
        loop.turn(10);
        offer("otp", 9);
        go("bulk");
        loop.turn(1_999);
        assertTrue(handOvers.isEmpty());
        go("otp");
        loop.turn(1);
        assertEquals(List.of(Offers.key("otp")), handOvers);
        sent("otp");
        loop.turn(0);
        assertEquals(List.of(Offers.key("otp"), Offers.key("bulk")), handOvers);
    }

    @Test
    public void anUrgentClaimThatIsNeverAnsweredKeepsTheOthersForTwoSeconds() {
        offer("otp", 9);
        offer("bulk", 0);
        go("bulk");
        loop.turn(1_999);
        assertTrue(handOvers.isEmpty());
        loop.turn(10);
        assertEquals(List.of(Offers.key("bulk")), handOvers);
    }

    @Test
    public void oneMessageAtATimeIsOnASimsRadioAndThenTheHighestPriority() {
        offer("first", 1);
        go("first");
        loop.turn(0);
        for (String id : new String[] {"bulk", "otp"}) {
            offer(id, id.equals("otp") ? 9 : 0);
            go(id);
        }
        loop.turn(100);
        assertEquals(1, handOvers.size());
        sent("first");
        loop.turn(0);
        assertEquals(Offers.key("otp"), handOvers.get(1));
    }

    @Test
    public void aClaimIsSaidAgainEveryThreeSecondsAndOnceAtTheRadioNoMore() {
        offer("job_1", 1);
        loop.turn(6_100);
        assertEquals(3, frames.size());
        go("job_1");
        loop.turn(60_000);
        assertEquals(3, frames.size());
    }

    @Test
    public void aRadioThatNeverAnswersLeavesTheMessageUnknownAndTakesTheNext() {
        offer("job_1", 1);
        go("job_1");
        offer("job_2", 1);
        go("job_2");
        loop.turn(119_000);
        assertEquals(1, handOvers.size());
        loop.turn(2_000);
        assertEquals("Unknown", journal.get(Offers.key("job_1")).state().word);
        assertEquals(2, handOvers.size());
    }

    @Test
    public void aJobThatExpiresWhileItWaitsGoesBack() {
        long soon = 2_000;
        Key key = Offers.key("job_1");
        desk.offered(new ArrayList<>(List.of(new Offer(key, 0, "+1", "x", 1, 1, soon, soon))));
        loop.turn(10_000);
        assertTrue(frames.stream().anyMatch(frame -> frame.optString("type").equals("decline")));
        go("job_1");
        loop.turn(10_000);
        assertTrue(handOvers.isEmpty());
    }

    @Test
    public void whatIsGoneIsNotClaimedWhenItsOfferComesAgain() {
        offer("job_1", 1);
        loop.turn(10);
        desk.decided(List.of(new Verdict(Offers.key("job_1"), false, "taken")));
        offer("job_1", 1);
        loop.turn(10_000);
        assertEquals(1, frames.size());
        assertEquals(0, journal.unacknowledged());
    }

    @Test
    public void aDroppedJobIsNeverSent() {
        offer("job_1", 1);
        desk.resolved(List.of(new Resolution("job_1", null, "drop")));
        go("job_1");
        loop.turn(10_000);
        assertTrue(handOvers.isEmpty());
    }

    @Test
    public void fromTwoHundredOpenJobsOnFurtherOffersAreDeclined() {
        List<Offer> offers = new ArrayList<>();
        for (int i = 0; i < 201; i++) {
            offers.add(Offers.offer("job_" + i));
        }
        desk.offered(offers);
        loop.turn(100);
        int declined = 0;
        for (JSONObject frame : frames) {
            declined += frame.optString("type").equals("decline") ? frame.optJSONArray("items").length() : 0;
        }
        assertEquals(1, declined);
        assertEquals(200, journal.unacknowledged());
    }
}
