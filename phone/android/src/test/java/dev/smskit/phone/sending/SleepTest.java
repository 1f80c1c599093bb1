package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;

import dev.smskit.phone.connection.Device;
import dev.smskit.phone.connection.Forwarder;
import dev.smskit.phone.connection.Reporter;
import dev.smskit.phone.connection.Session;
import dev.smskit.phone.protocol.Json;
import java.util.List;
import java.util.Map;
import org.json.JSONArray;
import org.junit.Test;

/** A phone that sleeps between the alarms for its heartbeats. */
public class SleepTest extends DeskTest implements Device, Session.Listener {
    private static final long NEXT_ALARM = 300_000;

    @Override
    public String appVersion() {
        return "1";
    }

    @Override
    public List<Device.Sim> sims() {
        return List.of();
    }

    @Override
    public Device.Vitals vitals() {
        return new Device.Vitals(80, false, "lte", 3);
    }

    @Override
    public boolean isReady(int simSlot) {
        return true;
    }

    @Override
    public void welcomed() {
    }

    @Override
    public void heartbeatDueAt(long uptime) {
    }

    @Override
    public void enabled(Map<Integer, Boolean> sims) {
    }

    private long beats() {
        return frames.stream().filter(frame -> frame.optString("type").equals("heartbeat")).count();
    }

    @Test
    public void aHeartbeatThatWasNotAnsweredDoesNotHoldTheNextOneUp() {
        Session.Desks desks = new Session.Desks(desk, new Reporter(context), new Forwarder(context), this);
        Session session = new Session(context, this, desks, link(), ending -> { });
        session.begin();
        session.heard(Json.of(
                "type", "welcome", "serverTime", "2026-06-23T10:00:00.000Z", "heartbeatSeconds", 300,
                "resolve", new JSONArray()).toString());
        for (int alarm = 1; alarm <= 3; alarm++) {
            loop.sleep(NEXT_ALARM);
            session.beatIfDue();
            assertEquals(alarm, beats());
        }
        session.beat();
        assertEquals("one is under way", 3, beats());
    }
}
