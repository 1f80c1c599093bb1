package dev.smskit.phone.journal;

/**
 * What the server has not been told: reports (a message at the radio is one to come), claims that are neither sent nor
 * given back, and SMS that came in.
 */
public record Owed(long reports, long claims, long received) {
    public boolean isNothing() {
        return reports == 0 && claims == 0 && received == 0;
    }
}
