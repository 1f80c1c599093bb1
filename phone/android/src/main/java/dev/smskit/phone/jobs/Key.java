package dev.smskit.phone.jobs;

/** One hand-out of a job to this phone: the same job may come again under another token. */
public record Key(String jobId, String token) {
}
