package dev.smskit.phone.jobs;

/** What became of a job, on its way to the server; {@code failure} is null where there is none. */
public record Report(Key key, State state, String at, Failure failure) {
}
