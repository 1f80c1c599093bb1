package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.support.Offers;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** What goes first, what waits for whom and for how long. */
public class UrgentTest extends DeskTest {
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
    public void anUrgentOfferThatCameLateHoldsNoOtherMessageUp() {
        Key key = Offers.key("otp");
        desk.offered(new ArrayList<>(List.of(new Offer(key, 0, "+1", "x", 1, 10, Long.MAX_VALUE, 50))));
        offer("bulk", 0);
        go("bulk");
        loop.turn(10);
        assertEquals(List.of("otp"), claimed(0));
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
}
