package dev.smskit.phone.protocol;

import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Reads and writes JSON by its types: org.json alone would take "5" for 5. Throws BadFrameException. */
public final class Json {
    private static final int DEEPEST = 32;

    private Json() {
    }

    /** An object of at most 32 levels: org.json calls itself at each. */
    public static JSONObject object(String text) throws BadFrameException {
        if (depth(text) > DEEPEST) {
            throw new BadFrameException("too deep");
        }
        try {
            return new JSONObject(text);
        } catch (JSONException error) {
            throw new BadFrameException("not a JSON object");
        }
    }

    private static int depth(String text) {
        int deepest = 0;
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Brackets in strings count as well: the deepest may only come out too deep where they are unbalanced.
            if (c == '{' || c == '[') {
                deepest = Math.max(deepest, ++depth);
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return deepest;
    }

    public static String text(JSONObject object, String name) throws BadFrameException {
        if (object.opt(name) instanceof String text) {
            return text;
        }
        throw new BadFrameException(name + " is no string");
    }

    /** Null where it is left out or null. */
    public static String textOrNull(JSONObject object, String name) throws BadFrameException {
        return isLeftOut(object, name) ? null : text(object, name);
    }

    public static long whole(JSONObject object, String name) throws BadFrameException {
        Object value = object.opt(name);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new BadFrameException(name + " is no integer");
    }

    public static boolean flag(JSONObject object, String name) throws BadFrameException {
        if (object.opt(name) instanceof Boolean flag) {
            return flag;
        }
        throw new BadFrameException(name + " is no boolean");
    }

    /** Empty where it is left out. */
    public static List<JSONObject> objectsOrNone(JSONObject object, String name) throws BadFrameException {
        return isLeftOut(object, name) ? List.of() : objects(object, name);
    }

    public static List<JSONObject> objects(JSONObject object, String name) throws BadFrameException {
        List<JSONObject> objects = new ArrayList<>();
        if (!(object.opt(name) instanceof JSONArray array)) {
            throw new BadFrameException(name + " is no list");
        }
        for (int i = 0; i < array.length(); i++) {
            if (!(array.opt(i) instanceof JSONObject entry)) {
                throw new BadFrameException(name + " has an entry that is no object");
            }
            objects.add(entry);
        }
        return objects;
    }

    public static boolean isLeftOut(JSONObject object, String name) {
        return object.isNull(name);
    }

    /** Names and values in turn; null leaves a name out. */
    public static JSONObject of(Object... entries) {
        JSONObject object = new JSONObject();
        try {
            for (int i = 0; i < entries.length; i += 2) {
                object.put((String) entries[i], entries[i + 1]);
            }
        } catch (JSONException error) {
            throw new IllegalArgumentException(error);
        }
        return object;
    }

    /** As text that UTF-8 can carry: half of a surrogate pair, which an SMS can have, stays escaped. */
    public static String write(Object json) {
        String text = json.toString().replace("\\/", "/");
        StringBuilder safe = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isPair = Character.isHighSurrogate(c) && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isSurrogate(c) && !isPair) {
                safe = safe == null ? new StringBuilder(text.substring(0, i)) : safe;
                safe.append(String.format("\\u%04x", (int) c));
            } else {
                append(safe, c);
                if (isPair) {
                    append(safe, text.charAt(++i));
                }
            }
        }
        return safe == null ? text : safe.toString();
    }

    private static void append(StringBuilder builder, char c) {
        if (builder != null) {
            builder.append(c);
        }
    }

    /** How many bytes the text takes within a JSON string. */
    public static int quotedBytes(String text) {
        return bytes(write(JSONObject.quote(text))) - 2;
    }

    /** How many bytes the text takes in UTF-8, once it has no lone surrogates. */
    public static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
