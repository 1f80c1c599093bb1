package dev.smskit.phone.protocol;

import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.protocol.ServerFrame.Ack;
import dev.smskit.phone.protocol.ServerFrame.Claimed;
import dev.smskit.phone.protocol.ServerFrame.Declined;
import dev.smskit.phone.protocol.ServerFrame.HeartbeatAck;
import dev.smskit.phone.protocol.ServerFrame.Offers;
import dev.smskit.phone.protocol.ServerFrame.Resolution;
import dev.smskit.phone.protocol.ServerFrame.Revoked;
import dev.smskit.phone.protocol.ServerFrame.ServerError;
import dev.smskit.phone.protocol.ServerFrame.Settings;
import dev.smskit.phone.protocol.ServerFrame.Verdict;
import dev.smskit.phone.protocol.ServerFrame.Welcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.json.JSONObject;

/** Parses what the server says, once, where it comes in. */
public final class FrameParser {
    private FrameParser() {
    }

    /** Null for a type that this version doesn't know. Unknown fields are ignored. */
    public static ServerFrame parse(String text) throws BadFrameException {
        JSONObject frame = Json.object(text);
        String type = Json.text(frame, "type");
        try {
            return parse(type, frame);
        } catch (BadFrameException error) {
            throw new BadFrameException(known(type) + ": " + error.getMessage());
        }
    }

    private static ServerFrame parse(String type, JSONObject frame) throws BadFrameException {
        return switch (type) {
            case "welcome" -> welcome(frame);
            case "heartbeat.ack" -> new HeartbeatAck(time(frame, "serverTime"));
            case "offer" -> offers(frame);
            case "claimed" -> claimed(frame);
            case "declined" -> new Declined(keys(frame));
            case "ack" -> new Ack(Json.whole(frame, "seq"));
            case "config" -> settings(frame);
            case "revoked" -> new Revoked();
            case "error" -> error(frame);
            default -> null;
        };
    }

    // The parser throws for types of its own switch only; anything else of the server's doesn't get into a log.
    private static String known(String type) {
        return type.length() <= 16 ? type : "frame";
    }

    private static long time(JSONObject frame, String name) throws BadFrameException {
        return Times.parse(Json.text(frame, name));
    }

    private static Welcome welcome(JSONObject frame) throws BadFrameException {
        List<Resolution> resolve = new ArrayList<>();
        for (JSONObject entry : Json.objectsOrNone(frame, "resolve")) {
            resolve.add(new Resolution(
                    Json.text(entry, "jobId"), Json.textOrNull(entry, "token"), Json.text(entry, "action")));
        }
        return new Welcome(time(frame, "serverTime"), seconds(frame, "heartbeatSeconds"), resolve);
    }

    private static long seconds(JSONObject frame, String name) throws BadFrameException {
        long seconds = Json.whole(frame, name);
        if (seconds < 1 || seconds > 86_400) {
            throw new BadFrameException(name + " is out of range");
        }
        return seconds;
    }

    private static Key key(JSONObject entry) throws BadFrameException {
        return new Key(Json.text(entry, "jobId"), Json.text(entry, "token"));
    }

    private static List<Key> keys(JSONObject frame) throws BadFrameException {
        List<Key> keys = new ArrayList<>();
        for (JSONObject entry : Json.objects(frame, "items")) {
            keys.add(key(entry));
        }
        return keys;
    }

    private static Offers offers(JSONObject frame) throws BadFrameException {
        List<Offer> offers = new ArrayList<>();
        for (JSONObject job : Json.objects(frame, "jobs")) {
            offers.add(new Offer(
                    key(job), small(job, "simSlot"), Json.text(job, "recipient"), Json.text(job, "message"),
                    Math.max(1, small(job, "segments")), small(job, "priority"),
                    time(job, "expiresAt"), time(job, "claimBy")));
        }
        return new Offers(offers);
    }

    private static int small(JSONObject entry, String name) throws BadFrameException {
        long value = Json.whole(entry, name);
        if (value < -1000 || value > 1_000_000) {
            throw new BadFrameException(name + " is out of range");
        }
        return (int) value;
    }

    private static Claimed claimed(JSONObject frame) throws BadFrameException {
        List<Verdict> verdicts = new ArrayList<>();
        for (JSONObject entry : Json.objects(frame, "items")) {
            boolean isGo = Json.text(entry, "verdict").equals("go");
            verdicts.add(new Verdict(key(entry), isGo, Json.textOrNull(entry, "reason")));
        }
        return new Claimed(verdicts);
    }

    private static Settings settings(JSONObject frame) throws BadFrameException {
        Map<Integer, Boolean> enabled = new LinkedHashMap<>();
        for (JSONObject sim : Json.objectsOrNone(frame, "sims")) {
            enabled.put(small(sim, "simSlot"), Json.flag(sim, "isEnabled"));
        }
        long seconds = Json.isLeftOut(frame, "heartbeatSeconds") ? 0 : seconds(frame, "heartbeatSeconds");
        return new Settings(seconds, enabled);
    }

    /** The server's words are left out: they could quote a message. */
    private static ServerError error(JSONObject frame) throws BadFrameException {
        Object ref = frame.opt("ref");
        long seq = ref instanceof Integer || ref instanceof Long ? ((Number) ref).longValue() : 0;
        return new ServerError(Json.text(frame, "code"), ref instanceof String jobId ? jobId : null, seq);
    }
}
