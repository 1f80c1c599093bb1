package dev.smskit.phone.support;

import static org.junit.Assert.assertEquals;

import android.app.Application;
import dev.smskit.phone.Context;
import dev.smskit.phone.Timings;
import dev.smskit.phone.clock.ServerClock;
import dev.smskit.phone.connection.Device;
import dev.smskit.phone.connection.Forwarder;
import dev.smskit.phone.connection.Reporter;
import dev.smskit.phone.connection.Session;
import dev.smskit.phone.inbound.InboundMessage;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.journal.Journal;
import dev.smskit.phone.journal.JournalContents;
import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.protocol.Times;
import dev.smskit.phone.sending.ClaimDesk;
import dev.smskit.phone.sending.Limits;
import dev.smskit.phone.sending.Radio;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Plays a script of phone/vectors to this phone, on a clock that it turns, and compares what follows. */
public final class VectorPlayer {
    private static final String BEGIN = "2026-06-23T10:00:00.000Z";
    private static final long AT_ONCE = 20;

    private final Application application;
    private final ManualLoop loop = new ManualLoop();
    private final Said said = new Said();
    private final ScriptedModem modem = new ScriptedModem(() -> this.journal);
    private final Set<Integer> off = new HashSet<>();
    private final List<Device.Sim> sims = new ArrayList<>();
    private final long begin = loop.now();
    private Journal journal;
    private Radio radio;
    private ClaimDesk desk;
    private Reporter reporter;
    private Forwarder forwarder;
    private Context context;
    private Session session;
    private Session.Ending ending;

    public VectorPlayer(Application application) {
        this.application = application;
    }

    /** Throws AssertionError where the phone does otherwise. */
    public void play(JSONObject script) throws JSONException {
        application.deleteDatabase(Journal.FILE);
        JSONArray slots = script.getJSONObject("phone").getJSONArray("sims");
        for (int i = 0; i < slots.length(); i++) {
            sims.add(new Device.Sim(slots.getInt(i), Offers.simIn(slots.getInt(i)), null));
        }
        JSONArray steps = script.getJSONArray("steps");
        for (int i = 0; i < steps.length(); i++) {
            JSONObject step = steps.getJSONObject(i);
            String where = script.getString("name") + ", step " + (i + 1) + " " + step.getJSONObject("on").keys().next();
            said.clear();
            modem.begun();
            happens(step.getJSONObject("on"));
            loop.turn(AT_ONCE);
            compare(where, step);
        }
        journal.close();
    }

    private void compare(String where, JSONObject step) throws JSONException {
        said.compare(where, step.optJSONArray("says"));
        List<String> begins = new ArrayList<>();
        JSONArray wanted = step.optJSONArray("begins");
        for (int i = 0; wanted != null && i < wanted.length(); i++) {
            begins.add(wanted.getString(i));
        }
        assertEquals(where, begins, modem.begun());
        if (step.has("journal")) {
            Map<String, String> states = new TreeMap<>();
            JSONObject jobs = step.getJSONObject("journal");
            for (String key : (Iterable<String>) jobs::keys) {
                states.put(key, jobs.getString(key));
            }
            assertEquals(where, states, JournalContents.of(journal));
        }
        if (step.has("ends")) {
            assertEquals(where, Session.Ending.REVOKED, ending);
        }
    }

    private void happens(JSONObject on) throws JSONException {
        String what = on.keys().next();
        switch (what) {
            case "connects" -> connect(on.getJSONObject(what).getJSONArray("resolve"));
            case "server" -> hears(on.getJSONObject(what));
            case "acks" -> hears(Json.of("type", "ack", "seq", said.lastSeq(on.getString(what))));
            case "radio" -> modem.answer(radio, on.getJSONObject(what));
            case "delivered" -> modem.deliver(radio, on.getJSONObject(what));
            case "arrives" -> arrives(on.getJSONArray(what));
            case "loses" -> session.end(Session.Ending.CLOSED);
            case "dies" -> die();
            case "passes" -> loop.turn((long) (on.getDouble(what) * 1000));
            default -> throw new AssertionError(what);
        }
    }

    private void die() {
        loop.forgetAll();
        journal.close();
        journal = null;
        session = null;
    }

    private void start() {
        journal = new Journal(application, "dvc_1");
        ServerClock clock = new ServerClock(loop::now);
        context = new Context(journal, loop, clock, new Timings(), (event, fields) -> { }, step -> { });
        reporter = new Reporter(context);
        forwarder = new Forwarder(context);
        radio = new Radio(context, modem, new Limits(loop, clock, List.of(), 0), new Radio.Others() {
            @Override
            public void giveBack(List<Key> keys, String reason) {
                desk.giveBack(keys, reason);
            }

            @Override
            public void wakeReporter() {
                reporter.wake();
            }
        });
        desk = new ClaimDesk(context, radio, slots(), reporter::wake);
        journal.recover(context.clock().stamp());
    }

    private ClaimDesk.Slots slots() {
        return new ClaimDesk.Slots() {
            @Override
            public String objection(int simSlot) {
                return VectorPlayer.this.objection(simSlot);
            }

            @Override
            public int simIn(int simSlot) {
                return Offers.simIn(simSlot);
            }
        };
    }

    private String objection(int slot) {
        if (sims.stream().noneMatch(sim -> sim.simSlot() == slot)) {
            return "no-such-sim";
        }
        return off.contains(slot) ? "sim-disabled" : null;
    }

    private void connect(JSONArray resolve) {
        if (journal == null) {
            start();
        }
        Session.Listener listener = new Session.Listener() {
            @Override
            public void welcomed() {
            }

            @Override
            public void heartbeatDueAt(long uptime) {
            }

            @Override
            public void enabled(Map<Integer, Boolean> enabled) {
                enabled.forEach((slot, isOn) -> {
                    if (isOn) {
                        off.remove(slot);
                    } else {
                        off.add(slot);
                    }
                });
            }
        };
        Session.Desks desks = new Session.Desks(desk, reporter, forwarder, listener);
        session = new Session(context, device(), desks, said, end -> ending = end);
        session.begin();
        hears(Json.of(
                "type", "welcome", "serverTime", Times.format(now()), "heartbeatSeconds", 300, "resolve", resolve));
    }

    private long now() {
        try {
            return Times.parse(BEGIN) + loop.now() - begin;
        } catch (BadFrameException error) {
            throw new AssertionError(error);
        }
    }

    private void hears(JSONObject frame) {
        JSONArray jobs = frame.optJSONArray("jobs");
        for (int i = 0; jobs != null && i < jobs.length(); i++) {
            JSONObject job = jobs.optJSONObject(i);
            if (job != null) {
                modem.offered(job);
            }
        }
        session.heard(frame.toString());
    }

    private void arrives(JSONArray messages) throws JSONException {
        for (int i = 0; i < messages.length(); i++) {
            JSONObject one = messages.getJSONObject(i);
            journal.arrivals.add(new InboundMessage(
                    one.getString("from"), one.getInt("simSlot"), one.getString("content"), one.getString("receivedAt"))
                    .items(one.getString("id")));
        }
        forwarder.wake();
    }

    private Device device() {
        return new Device() {
            @Override
            public String appVersion() {
                return "1";
            }

            @Override
            public List<Sim> sims() {
                return sims;
            }

            @Override
            public Vitals vitals() {
                return new Vitals(80, true, "wifi", 3);
            }

            @Override
            public boolean isReady(int simSlot) {
                return objection(simSlot) == null;
            }
        };
    }
}
