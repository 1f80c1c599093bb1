package dev.smskit.phone.support;

import static org.junit.Assert.assertEquals;

import dev.smskit.phone.jobs.Job;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.journal.Journal;
import dev.smskit.phone.sending.Modem;
import dev.smskit.phone.sending.Radio;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.json.JSONException;
import org.json.JSONObject;

/** The radio of a script of phone/vectors: it takes every message, and answers when the script says so. */
final class ScriptedModem implements Modem {
    private final Supplier<Journal> journal;
    private final Map<String, Integer> partsOf = new HashMap<>();
    private final Map<String, String> textOf = new HashMap<>();
    private final Map<String, Key> atRadio = new HashMap<>();
    private final List<String> begun = new ArrayList<>();

    ScriptedModem(Supplier<Journal> journal) {
        this.journal = journal;
    }

    /** A message has as many parts as its offer says. */
    void offered(JSONObject job) {
        partsOf.put(job.optString("message"), job.optInt("segments", 1));
        textOf.put(job.optString("recipient"), job.optString("message"));
    }

    @Override
    public List<String> divide(Job job) {
        return Collections.nCopies(partsOf.get(job.message()), job.message());
    }

    @Override
    public void send(Job job, List<String> parts) {
        assertEquals("Sending is journaled before the radio is called", "Sending", journal.get().get(job.key()).state().word);
        assertEquals(textOf.get(job.recipient()), parts.get(0));
        atRadio.put(job.recipient(), job.key());
        begun.add(job.recipient());
    }

    /** The recipients of what was handed over since this was last asked. */
    List<String> begun() {
        List<String> now = new ArrayList<>(begun);
        begun.clear();
        return now;
    }

    void answer(Radio radio, JSONObject answer) throws JSONException {
        String recipient = answer.getString("recipient");
        int parts = partsOf.get(textOf.get(recipient));
        int out = answer.getBoolean("takes") ? parts : answer.getInt("partsHandedOver");
        for (int part = 0; part < parts; part++) {
            radio.partSent(atRadio.get(recipient), part, part < out ? null : answer.getString("code"));
        }
    }

    void deliver(Radio radio, JSONObject delivered) throws JSONException {
        radio.partDelivered(atRadio.get(delivered.getString("recipient")), delivered.getInt("part"), true);
    }
}
