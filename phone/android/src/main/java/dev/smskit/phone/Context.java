package dev.smskit.phone;

import dev.smskit.phone.clock.Loop;
import dev.smskit.phone.clock.ServerClock;
import dev.smskit.phone.journal.Journal;

/** What the parts of one running phone share. */
public record Context(Journal journal, Loop loop, ServerClock clock, Timings timings, Events events, Probe probe) {
    /** What a phone tells its operator: a name, then names and values in turn. Never a text or a number. */
    public interface Events {
        void emit(String event, Object... fields);
    }

    /** Named steps at which a test lets the process die. */
    public interface Probe {
        void at(String step);
    }
}
