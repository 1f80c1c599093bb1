package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.protocol.ServerFrame.Resolution;
import dev.smskit.phone.protocol.ServerFrame.Verdict;
import dev.smskit.phone.support.Offers;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONObject;
import org.junit.Test;

/** What is claimed, how often, and what isn't any more. */
public class ClaimsTest extends DeskTest {
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
    public void aClaimIsSaidAgainEveryThreeSecondsAndOnceAtTheRadioNoMore() {
        offer("job_1", 1);
        loop.turn(6_100);
        assertEquals(3, frames.size());
        go("job_1");
        loop.turn(60_000);
        assertEquals(3, frames.size());
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
