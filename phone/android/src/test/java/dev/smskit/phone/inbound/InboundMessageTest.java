package dev.smskit.phone.inbound;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.protocol.Json;
import java.util.Collections;
import java.util.List;
import org.json.JSONObject;
import org.junit.Test;

/** An SMS as the server gets it. */
public class InboundMessageTest {
    private static final String AT = "2026-01-01T00:00:00.000Z";

    private static List<InboundMessage.Item> items(String sender, String content) {
        return new InboundMessage(sender, 1, content, AT).items("pm_1");
    }

    private static JSONObject json(InboundMessage.Item item) throws Exception {
        return Json.object(item.json());
    }

    @Test
    public void anOrdinaryMessageIsOneItem() throws Exception {
        List<InboundMessage.Item> items = items("M-PESA", "Confirmed");
        assertEquals(1, items.size());
        JSONObject item = json(items.get(0));
        assertEquals("pm_1", item.getString("phoneMessageId"));
        assertEquals("M-PESA", item.getString("from"));
        assertEquals("Confirmed", item.getString("content"));
        assertEquals(1, item.getInt("simSlot"));
        assertEquals(AT, item.getString("receivedAt"));
        assertFalse(new InboundMessage("M-PESA", 1, "Confirmed", AT).toString().contains("Confirmed"));
    }

    @Test
    public void anEmptyMessageAndAnEmptySenderAreToldAsWell() throws Exception {
        assertEquals("", json(items("", "").get(0)).getString("content"));
    }

    @Test
    public void tenThousandCharactersAreOneItemAndMoreAreSeveral() throws Exception {
        assertEquals(1, items("+1", String.join("", Collections.nCopies(10_000, "x"))).size());
        assertEquals(2, items("+1", String.join("", Collections.nCopies(10_001, "x"))).size());
    }

    @Test
    public void everyItemFitsIntoAFrameAndNothingIsLostBetweenThem() throws Exception {
        for (String one : new String[] {"\ud83d\ude00", "\u0001", "\"", "\ud800", "ÿ", "語"}) {
            String content = String.join("", Collections.nCopies(10_000, one));
            StringBuilder joined = new StringBuilder();
            List<InboundMessage.Item> items = items("+1", content);
            for (int i = 0; i < items.size(); i++) {
                assertTrue(items.get(i).bytes() < 32 * 1024 - 256);
                assertEquals(i == 0 ? "pm_1" : "pm_1." + (i + 1), items.get(i).phoneMessageId());
                joined.append(json(items.get(i)).getString("content"));
            }
            assertEquals(content, joined.toString());
        }
    }

    @Test
    public void aSenderIsAsLongAsTheProtocolAllows() throws Exception {
        String sender = String.join("", Collections.nCopies(400, "1"));
        assertEquals(320, json(items(sender, "x").get(0)).getString("from").length());
    }
}
