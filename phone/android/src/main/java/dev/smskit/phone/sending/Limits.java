package dev.smskit.phone.sending;

import dev.smskit.phone.clock.Loop;
import dev.smskit.phone.clock.ServerClock;
import dev.smskit.phone.journal.Usage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Keeps hand-overs within what Android lets an app send before it asks the user, and within the operator's own limit for
 * each SIM and hour. Counted in parts.
 *
 * <p>Android's SmsUsageMonitor stops an app at 30 parts a minute; what was handed over before this process began counts,
 * as soon as the server's time says how long ago that was. The phone's own clock, which may be set, says nothing here.
 */
public final class Limits {
    public static final int PARTS_PER_MINUTE = 30;
    private static final long MINUTE = 60_000;
    private static final long HOUR = 3_600_000;

    private record Use(long at, int simSlot, int parts) {
    }

    private final Loop loop;
    private final ServerClock clock;
    private final Deque<Use> uses = new ArrayDeque<>();
    private List<Usage.Use> earlier;
    private int partsPerHour;

    /** {@code earlier}: by earlier processes, within an hour of the last one. {@code partsPerHour} 0: no limit. */
    public Limits(Loop loop, ServerClock clock, List<Usage.Use> earlier, int partsPerHour) {
        this.loop = loop;
        this.clock = clock;
        this.earlier = earlier;
        this.partsPerHour = partsPerHour;
    }

    public void limitHour(int parts) {
        partsPerHour = parts;
    }

    /** In how many milliseconds so many parts may go out; 0 when they may at once. */
    long pause(int simSlot, int parts) {
        review();
        long minute = pause(MINUTE, PARTS_PER_MINUTE, -1, parts);
        return partsPerHour == 0 ? minute : Math.max(minute, pause(HOUR, partsPerHour, simSlot, parts));
    }

    /** Whether so many parts can never go out together. */
    boolean isTooLong(int parts) {
        return parts > PARTS_PER_MINUTE || partsPerHour > 0 && parts > partsPerHour;
    }

    /** Whether the SIM has nothing left of its hour. */
    public boolean isUsedUp(int simSlot) {
        review();
        return partsPerHour > 0 && pause(HOUR, partsPerHour, simSlot, 1) > 0;
    }

    /** What the SIM was given within the last hour. */
    public int partsThisHour(int simSlot) {
        review();
        int now = uses.stream().filter(use -> use.simSlot() == simSlot).mapToInt(Use::parts).sum();
        return now + earlier.stream().filter(use -> use.simSlot() == simSlot && clock.now() - use.at() < HOUR)
                .mapToInt(Usage.Use::parts).sum();
    }

    void use(int simSlot, int parts) {
        review();
        uses.add(new Use(loop.now(), simSlot, parts));
    }

    /** Until enough of the earliest uses have left the window; a {@code simSlot} of -1 counts all SIMs. */
    private long pause(long window, int limit, int simSlot, int parts) {
        long now = loop.now();
        int free = limit;
        for (Use use : uses) {
            if (now - use.at() < window && (simSlot == -1 || use.simSlot() == simSlot)) {
                free -= use.parts();
            }
        }
        long wait = 0;
        for (Use use : uses) {
            if (free >= parts) {
                break;
            }
            if (now - use.at() < window && (simSlot == -1 || use.simSlot() == simSlot)) {
                free += use.parts();
                wait = use.at() + window - now;
            }
        }
        return wait;
    }

    private void review() {
        if (clock.isKnown()) {
            for (Usage.Use use : earlier) {
                uses.add(new Use(loop.now() - Math.max(0, clock.now() - use.at()), use.simSlot(), use.parts()));
            }
            earlier = List.of();
        }
        while (!uses.isEmpty() && loop.now() - uses.peek().at() >= HOUR) {
            uses.remove();
        }
    }
}
