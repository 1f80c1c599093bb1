package dev.smskit.phone.support;

import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.protocol.Times;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.json.JSONObject;

/** A job as the server sees it. */
public final class ServerJob {
    public final String jobId;
    public int priority = 1;
    public int simSlot;
    public String message = Offers.SECRET;
    public long validFor = 3_600_000;
    public volatile String token = "";
    public volatile String status = "Pending";
    public final List<JSONObject> reports = new CopyOnWriteArrayList<>();

    ServerJob(String jobId) {
        this.jobId = jobId;
    }

    public List<String> states() {
        return reports.stream().map(report -> report.optString("state")).collect(Collectors.toList());
    }

    /** An entry of {@code offer.jobs}, under a new token. */
    JSONObject offer(long now) {
        token = UUID.randomUUID().toString();
        return Json.of(
                "jobId", jobId, "token", token, "attempt", 1, "simSlot", simSlot, "recipient", Offers.RECIPIENT,
                "message", message, "segments", 1, "priority", priority, "expiresAt", Times.format(now + validFor),
                "claimBy", Times.format(now + 5_000), "fromTheFuture", Json.of("ignored", true));
    }

    /** A claim: whether it may go. */
    boolean assign() {
        boolean mayGo = status.equals("Pending") || status.equals("Assigned");
        status = mayGo ? "Assigned" : status;
        return mayGo;
    }
}
