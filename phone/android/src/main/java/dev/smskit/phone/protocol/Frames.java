package dev.smskit.phone.protocol;

import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Report;
import dev.smskit.phone.jobs.State;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.json.JSONObject;

/** Frames of the phone protocol, version 1, as the phone says them. */
public final class Frames {
    public static final int PROTOCOL = 1;
    public static final int FRAME_BYTES = 32 * 1024;
    public static final int ITEMS_PER_FRAME = 50;
    public static final int OPEN_ITEMS = 200;
    private static final int ERROR_WORDS = 200;

    private Frames() {
    }

    public static String claim(Collection<Key> keys) {
        JSONArray items = new JSONArray();
        keys.forEach(key -> items.put(item(key)));
        return Json.write(Json.of("type", "claim", "items", items));
    }

    public static String decline(Map<Key, String> reasons) {
        JSONArray items = new JSONArray();
        reasons.forEach((key, reason) -> items.put(
                Json.of("jobId", key.jobId(), "token", key.token(), "reason", reason)));
        return Json.write(Json.of("type", "decline", "items", items));
    }

    public static String report(long seq, List<Report> reports) {
        JSONArray items = new JSONArray();
        for (Report report : reports) {
            items.put(Json.of(
                    "jobId", report.key().jobId(), "token", report.key().token(), "state", report.state().word,
                    "at", report.at(), "error", error(report)));
        }
        return Json.write(Json.of("type", "report", "seq", seq, "items", items));
    }

    private static JSONObject error(Report report) {
        if (report.failure() == null) {
            return null;
        }
        String words = report.failure().message();
        return Json.of("code", report.failure().code(), "message", words.substring(0, Math.min(ERROR_WORDS, words.length())));
    }

    /** The messages are JSON already: they are sent as they were written down. */
    public static String received(long seq, List<String> messages) {
        return "{\"type\":\"received\",\"seq\":" + seq + ",\"messages\":[" + String.join(",", messages) + "]}";
    }

    /** Entries of {@code hello.open}. The protocol knows no Cleared: to the server it is a claim. */
    public static JSONArray open(Collection<Job> jobs) {
        JSONArray items = new JSONArray();
        for (Job job : jobs) {
            State state = job.state() == State.CLEARED ? State.CLAIMED : job.state();
            items.put(Json.of("jobId", job.key().jobId(), "token", job.key().token(), "state", state.word));
        }
        return items;
    }

    private static JSONObject item(Key key) {
        return Json.of("jobId", key.jobId(), "token", key.token());
    }
}
