package dev.smskit.phone.support;

/** The process died here. No code of the app catches it. */
public final class Killed extends Error {
    public Killed(String step) {
        super(step);
    }
}
