package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.State;
import dev.smskit.phone.support.ManualLoop;
import dev.smskit.phone.support.Offers;
import org.junit.Test;

/** What a SIM's radio takes next. */
public class LineTest {
    private final ManualLoop loop = new ManualLoop();
    private final Line line = new Line(loop, 2_000);

    private static Key key(String id) {
        return Offers.key(id);
    }

    private void add(String id, int priority) {
        line.add(new Job(key(id), 0, 0, "", "", 1, priority, 0, State.CLEARED, "", null));
    }

    @Test
    public void theHighestPriorityIsFirstAndOfOnePriorityTheFirstCleared() {
        add("bulk", 0);
        add("first", 5);
        add("second", 5);
        add("otp", 9);
        for (String next : new String[] {"otp", "first", "second", "bulk"}) {
            assertEquals(key(next), line.peek());
            assertEquals("it stays until it is taken", key(next), line.peek());
            line.take(key(next));
        }
        assertNull(line.peek());
    }

    @Test
    public void anUrgentClaimOnItsWayKeepsLesserJobsBackForTwoSecondsAtMost() {
        add("bulk", 0);
        line.expect(key("otp"), 9);
        assertNull(line.peek());
        assertEquals(2_000, line.patienceLeft());
        loop.turn(2_000);
        assertEquals(key("bulk"), line.peek());
    }

    @Test
    public void onceTheClaimIsDecidedTheOthersGoOn() {
        add("bulk", 0);
        add("other-otp", 9);
        line.expect(key("otp"), 9);
        assertEquals("an equal needn't wait", key("other-otp"), line.peek());
        line.take(key("other-otp"));
        assertNull(line.peek());
        line.forget(key("otp"));
        assertEquals(key("bulk"), line.peek());
        assertEquals(-1, line.patienceLeft());
    }
}
