package dev.smskit.phone.inbound;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.journal.FullDisk;
import dev.smskit.phone.protocol.Json;
import dev.smskit.phone.support.Killed;
import dev.smskit.phone.support.Pdus;
import dev.smskit.phone.support.PhoneTest;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;

/** An SMS is on the disk when Android is told that it was taken, and stays there until the server has it. */
@RunWith(RobolectricTestRunner.class)
public class ReceivingTest extends PhoneTest {
    /** +31641600986: "How are you?" */
    private static final String HOW_ARE_YOU =
            "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07";
    /** From the name "SMSKit", class 0, "Hi". */
    private static final String CLASS_ZERO = "07911326040000F0040CD0D3E67499A603" + "00" + "10" + "20806291731408" + "02" + "C834";
    /** +31641600986, without a text. */
    private static final String EMPTY = "07911326040000F0040B911346610089F600002080629173140800";
    /** +31641600986, in two parts of one message: "ab" and "cd" with a header each. */
    private static final String PART_ONE = "07911326040000F0440B911346610089F60000208062917314080A050003070201" + "C26200";
    private static final String PART_TWO = "07911326040000F0440B911346610089F60000208062917314080A050003070202" + "C66400";

    private List<JSONObject> inbound() {
        synchronized (server.inbound) {
            return new ArrayList<>(server.inbound.values());
        }
    }

    @Test
    public void aMessageIsForwardedWithItsSim() throws Exception {
        connect();
        server.mute.add("received");
        receive(SECOND, HOW_ARE_YOU);
        assertEquals("on the disk at once", 1, app.journal().arrivals.waiting());
        server.mute.clear();
        await("forwarded", () -> inbound().size() == 1);
        JSONObject message = inbound().get(0);
        assertEquals("+31641600986", message.getString("from"));
        assertEquals("How are you?", message.getString("content"));
        assertEquals(1, message.getInt("simSlot"));
        await("acknowledged", () -> app.journal().arrivals.waiting() == 0);
    }

    @Test
    public void theSameTextTwiceIsTwoMessages() {
        connect();
        receive(FIRST, HOW_ARE_YOU);
        receive(FIRST, HOW_ARE_YOU);
        await("both", () -> inbound().size() == 2);
    }

    @Test
    public void anAlphanumericSenderAndAClassZeroMessage() throws Exception {
        connect();
        receive(FIRST, CLASS_ZERO);
        await("forwarded", () -> inbound().size() == 1);
        assertEquals("SMSKit", inbound().get(0).getString("from"));
        assertEquals("Hi", inbound().get(0).getString("content"));
    }

    @Test
    public void anEmptyMessageIsOneToo() throws Exception {
        connect();
        receive(FIRST, EMPTY);
        await("forwarded", () -> inbound().size() == 1);
        assertEquals("", inbound().get(0).getString("content"));
    }

    @Test
    public void thePartsOfALongMessageAreOne() throws Exception {
        connect();
        receive(FIRST, PART_ONE, PART_TWO);
        await("forwarded", () -> inbound().size() == 1);
        assertEquals("ab@cd@", inbound().get(0).getString("content"));
    }

    @Test
    public void tenThousandCharactersAreOneMessage() {
        connect();
        String content = "0123456789".repeat(1_000);
        receive(app, SECOND, Pdus.deliver("MPESA", content));
        await("forwarded", () -> inbound().size() == 1);
        assertEquals(content, inbound().get(0).optString("content"));
        assertEquals("MPESA", inbound().get(0).optString("from"));
    }

    @Test
    public void anUnpairedPhoneKeepsNothing() {
        app.credentials().forget();
        receive(FIRST, HOW_ARE_YOU);
        assertEquals(null, app.phone());
    }

    @Test
    public void whatComesInOfflineIsForwardedInItsOrderLater() {
        app.phone();
        receive(FIRST, HOW_ARE_YOU);
        receive(FIRST, CLASS_ZERO);
        connect();
        await("forwarded", () -> inbound().size() == 2);
        assertEquals("How are you?", inbound().get(0).optString("content"));
    }

    @Test
    public void aFrameWithoutAnAckIsSaidAgainUnderItsNumber() {
        connect();
        server.mute.add("received");
        receive(FIRST, HOW_ARE_YOU);
        await("said again", () -> server.of("received").size() >= 2);
        receive(FIRST, CLASS_ZERO);
        server.mute.clear();
        await("both", () -> inbound().size() == 2);
        List<JSONObject> frames = server.of("received");
        assertEquals(frames.get(0).optLong("seq"), frames.get(1).optLong("seq"));
        assertEquals(frames.get(0).optJSONArray("messages").toString(), frames.get(1).optJSONArray("messages").toString());
    }

    @Test
    public void aMessageThatTheServerRefusesHoldsNoOtherBack() {
        connect();
        server.answers.put("received", frame -> {
            boolean isBad = frame.toString().contains("How are you?");
            if (!isBad) {
                server.inbound.put("pm", frame);
            }
            return isBad ? Json.of("type", "error", "code", "invalid-frame", "message", "no", "ref", frame.optLong("seq"))
                    : Json.of("type", "ack", "seq", frame.optLong("seq"));
        });
        receive(FIRST, HOW_ARE_YOU);
        receive(FIRST, CLASS_ZERO);
        await("the other one", () -> server.inbound.size() == 1);
        await("set aside", () -> app.journal().arrivals.setAside() == 1);
        await("nothing is owed", () -> app.journal().owed().received() == 0);
    }

    @Test
    public void killedOnceItIsJournaledTheNextProcessForwardsIt() {
        killedAt("after_inbound_journaled");
        assertEquals(1, inbound().size());
    }

    @Test
    public void killedAroundTheFrameTheServerStoresItOnce() {
        for (String step : new String[] {"before_received", "after_received", "before_received_ack"}) {
            killedAt(step);
        }
        assertEquals(3, inbound().size());
    }

    private void killedAt(String step) {
        int before = inbound().size();
        if (before == 0) {
            connect();
        }
        app.dieAt(step);
        try {
            receive(FIRST, HOW_ARE_YOU);
        } catch (Killed killed) {
            assertTrue(app.isDead());
        }
        await("dead at " + step, app::isDead);
        restart();
        await("forwarded", () -> inbound().size() == before + 1);
        await("acknowledged", () -> app.journal().arrivals.waiting() == 0);
    }

    @Test
    public void whatComesInWhileTheDiskIsFullIsForwardedAsSoonAsThereIsRoom() {
        connect();
        FullDisk.refuseWrites(app.journal());
        receive(FIRST, HOW_ARE_YOU);
        receive(FIRST, CLASS_ZERO);
        assertEquals(0, app.journal().arrivals.waiting());
        FullDisk.empty(app.journal());
        await("forwarded", () -> inbound().size() == 2);
        assertEquals("How are you?", inbound().get(0).optString("content"));
    }
}
