package dev.smskit.phone.support;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.connection.Link;
import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** What a phone says, taken apart as phone/vectors/README.md has it. */
final class Said implements Link {
    private final List<JSONObject> items = new ArrayList<>();
    private final Map<String, Long> lastSeq = new HashMap<>();
    private final Map<String, Long> letters = new HashMap<>();

    @Override
    public void send(String text) {
        try {
            take(Json.object(text));
        } catch (BadFrameException | JSONException error) {
            throw new AssertionError(error);
        }
    }

    @Override
    public void close() {
    }

    private void take(JSONObject frame) throws JSONException {
        String type = frame.getString("type");
        if (frame.has("seq")) {
            lastSeq.put(type, frame.getLong("seq"));
        }
        JSONArray list = frame.has("items") ? frame.getJSONArray("items") : frame.optJSONArray("messages");
        if (list == null && !type.equals("heartbeat")) {
            items.add(frame);
        }
        for (int i = 0; list != null && i < list.length(); i++) {
            JSONObject item = list.getJSONObject(i).put("type", type);
            items.add(frame.has("seq") ? item.put("seq", frame.getLong("seq")) : item);
        }
    }

    void clear() {
        items.clear();
    }

    long lastSeq(String type) {
        return lastSeq.get(type);
    }

    void compare(String where, JSONArray wanted) throws JSONException {
        List<JSONObject> left = new ArrayList<>(items);
        for (int i = 0; wanted != null && i < wanted.length(); i++) {
            JSONObject one = wanted.getJSONObject(i);
            JSONObject found = null;
            for (JSONObject item : left) {
                found = found == null && matches(one, item) ? item : found;
            }
            assertTrue(where + ": wanted " + one + ", said " + left, found != null);
            left.remove(found);
            number(where, one, found);
        }
        assertEquals(where, List.of(), left);
    }

    private boolean matches(JSONObject wanted, JSONObject item) throws JSONException {
        for (String name : (Iterable<String>) wanted::keys) {
            boolean isEqual = switch (name) {
                case "seq" -> letters.getOrDefault(wanted.getString(name), item.getLong(name)) == item.getLong(name);
                case "error" -> wanted.getJSONObject(name).getString("code")
                        .equals(item.has(name) ? item.getJSONObject(name).getString("code") : null);
                case "open" -> sorted(wanted.getJSONArray(name)).equals(sorted(item.getJSONArray(name)));
                default -> String.valueOf(wanted.get(name)).equals(String.valueOf(item.opt(name)));
            };
            if (!isEqual) {
                return false;
            }
        }
        return true;
    }

    private static TreeSet<String> sorted(JSONArray open) throws JSONException {
        TreeSet<String> sorted = new TreeSet<>();
        for (int i = 0; i < open.length(); i++) {
            JSONObject job = open.getJSONObject(i);
            sorted.add(job.getString("jobId") + " " + job.getString("token") + " " + job.getString("state"));
        }
        return sorted;
    }

    /** The same letter is the same number, and a later letter a greater one. */
    private void number(String where, JSONObject wanted, JSONObject found) throws JSONException {
        if (!wanted.has("seq")) {
            return;
        }
        String letter = wanted.getString("seq");
        long seq = found.getLong("seq");
        letters.forEach((other, number) -> assertEquals(
                where + ": " + letter + " and " + other, Integer.signum(letter.compareTo(other)), Long.signum(seq - number)));
        letters.put(letter, seq);
    }
}
