package dev.smskit.phone.support;

import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;

/** The objects of a list in JSON. */
public final class Entries {
    private Entries() {
    }

    public static List<JSONObject> of(JSONObject json, String name) {
        List<JSONObject> entries = new ArrayList<>();
        JSONArray list = json.optJSONArray(name);
        for (int i = 0; i < list.length(); i++) {
            entries.add(list.optJSONObject(i));
        }
        return entries;
    }
}
