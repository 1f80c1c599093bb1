package dev.smskit.phone.sending;

import dev.smskit.phone.Context;
import dev.smskit.phone.jobs.Key;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gives jobs back, and remembers which: one that comes again on the same connection is an echo. */
final class Declines {
    private final Context context;
    private final Radio radio;
    private final Asks asks;
    private final Set<Key> givenUp = new HashSet<>();

    Declines(Context context, Radio radio, Asks asks) {
        this.context = context;
        this.radio = radio;
        this.asks = asks;
    }

    /** A new connection knows no echoes. */
    void startOver() {
        givenUp.clear();
    }

    /** A doubled offer must not be claimed once its job was given back: the claim could overtake the decline. */
    boolean knows(Key key) {
        return givenUp.contains(key) || asks.isDeclining(key);
    }

    /** Tells the server of a job that isn't in the journal. */
    void decline(Key key, String reason) {
        settle(key);
        givenUp.add(key);
        asks.decline(key, reason);
        context.events().emit("declined", "jobId", key.jobId(), "reason", reason);
    }

    /** Declines jobs that the radio has not seen, once they are out of the journal. */
    void giveBack(Collection<Key> keys, String reason) {
        context.journal().release(keys).forEach(key -> decline(key, reason));
    }

    /** The server says that the job is no longer this phone's; whether it was. */
    boolean drop(Key key, String reason) {
        settle(key);
        if (context.journal().release(List.of(key)).isEmpty()) {
            return false;
        }
        givenUp.add(key);
        context.events().emit("gone", "jobId", key.jobId(), "reason", reason);
        return true;
    }

    /** Nothing waits for an answer to this claim any more. */
    void settle(Key key) {
        asks.dropClaim(key);
        radio.forget(key);
    }
}
