package dev.smskit.phone.clock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** The server's time on a clock that nobody can set. */
public class ServerClockTest {
    private static final long SERVER = 1_700_000_000_000L;

    private long now = 10_000;
    private final ServerClock clock = new ServerClock(() -> now);

    @Test
    public void untilTheServerHasToldItsTimeEveryDeadlineHasPassed() {
        assertTrue(clock.passed(Long.MAX_VALUE));
    }

    @Test
    public void aDeadlinePassesByTheServersClockAndRatherTooEarly() {
        now = 10_200;
        clock.learn(SERVER, 10_000);
        assertFalse(clock.passed(SERVER + 201));
        assertTrue(clock.passed(SERVER + 200));
        now += 1_000;
        assertTrue(clock.passed(SERVER + 1_200));
        assertEquals("2023-11-14T22:13:21.200Z", clock.stamp());
    }

    @Test
    public void theShortestRoundTripIsKeptUntilItIsStale() {
        now = 10_100;
        clock.learn(SERVER, 10_000);
        now = 12_000;
        clock.learn(SERVER + 60_000, 11_000);
        assertFalse("a slow sample changes nothing", clock.passed(SERVER + 2_001));
        now += 20 * 60_000;
        clock.learn(SERVER, now - 1_000);
        assertTrue(clock.passed(SERVER + 1_000));
        assertFalse(clock.passed(SERVER + 1_001));
    }
}
