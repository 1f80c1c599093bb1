package dev.smskit.phone.clock;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * When a connection asked for the server's time, to tell which answer is to which question: they come in order.
 *
 * <p>Were a later question taken for an earlier one's, the server's time would seem less than it is. A question whose
 * answer was lost is taken by the next answer, which then only seems to have been long under way.
 */
public final class Questions {
    private static final long UNANSWERED_AFTER = 60_000;

    private final Deque<Long> asked = new ArrayDeque<>();

    /** Another question goes out; what was asked long ago is not answered any more. */
    public void ask(long now) {
        while (!asked.isEmpty() && now - asked.getFirst() > UNANSWERED_AFTER) {
            asked.removeFirst();
        }
        asked.addLast(now);
    }

    /** When it was asked what is answered now; empty for an answer that nobody asked for. */
    public OptionalLong answered() {
        return asked.isEmpty() ? OptionalLong.empty() : OptionalLong.of(asked.removeFirst());
    }
}
