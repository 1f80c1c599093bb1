package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.clock.ServerClock;
import dev.smskit.phone.journal.Usage;
import dev.smskit.phone.support.ManualLoop;
import java.util.List;
import org.junit.Test;

/** Android stops an app at 30 parts a minute, whichever process sent them. */
public class LimitsTest {
    private static final long NOW = 1_700_000_000_000L;

    private final ManualLoop loop = new ManualLoop();
    private final ServerClock clock = new ServerClock(loop::now);

    private Limits limits(int partsPerHour, Usage.Use... earlier) {
        return new Limits(loop, clock, List.of(earlier), partsPerHour);
    }

    @Test
    public void thirtyPartsAMinuteGoOutAndTheNextWaitsForTheEarliest() {
        Limits limits = limits(0);
        limits.use(0, 10);
        loop.turn(20_000);
        limits.use(1, 20);
        assertEquals("all SIMs count", 40_000, limits.pause(0, 1));
        assertEquals(40_000, limits.pause(0, 10));
        assertEquals(60_000, limits.pause(0, 11));
        loop.turn(40_000);
        assertEquals(0, limits.pause(0, 10));
    }

    @Test
    public void whatAnEarlierProcessSentCounts() {
        Limits limits = limits(100, new Usage.Use(NOW - 3_600_000, 0, 7), new Usage.Use(NOW - 50_000, 0, 30));
        clock.learn(NOW, loop.now());
        limits.use(0, 0);
        assertEquals(10_000, limits.pause(0, 1));
        assertEquals(30, limits.partsThisHour(0));
        assertEquals(0, limits.partsThisHour(1));
        loop.turn(3_600_000);
        assertEquals(0, limits.partsThisHour(0));
    }

    @Test
    public void untilTheServerHasToldItsTimeThePhonesClockSaysWhatIsShown() {
        Limits limits = limits(100, new Usage.Use(System.currentTimeMillis() - 50_000, 0, 30));
        assertEquals(30, limits.partsThisHour(0));
    }

    @Test
    public void aServerWhoseClockIsADayBehindTheLastOnesDelaysByAMinuteAtMost() {
        Limits limits = limits(0, new Usage.Use(NOW + 86_400_000L, 0, 30));
        clock.learn(NOW, loop.now());
        assertEquals(60_000, limits.pause(0, 1));
    }

    @Test
    public void anHourlyLimitIsEachSimsOwn() {
        Limits limits = limits(20);
        limits.use(0, 20);
        assertTrue(limits.isUsedUp(0));
        assertFalse(limits.isUsedUp(1));
        assertEquals(3_600_000, limits.pause(0, 1));
        loop.turn(3_600_000);
        assertFalse(limits.isUsedUp(0));
    }

    @Test
    public void whatNeverFitsIsSaidSo() {
        assertTrue(limits(0).isTooLong(31));
        assertFalse(limits(0).isTooLong(30));
        assertTrue(limits(10).isTooLong(11));
    }
}
