package dev.smskit.phone.protocol;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.jobs.Offer;
import dev.smskit.phone.protocol.ServerFrame.Ack;
import dev.smskit.phone.protocol.ServerFrame.Claimed;
import dev.smskit.phone.protocol.ServerFrame.Offers;
import dev.smskit.phone.protocol.ServerFrame.ServerError;
import dev.smskit.phone.protocol.ServerFrame.Settings;
import dev.smskit.phone.protocol.ServerFrame.Welcome;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.Test;

/** What a server says is parsed once, by its types; what can't be used is said without its values. */
public class FrameParserTest {
    private static final String OFFER = """
            {"type":"offer","fromTheFuture":{"x":1},"jobs":[{"jobId":"job_1","token":"t","attempt":1,"simSlot":0,
            "recipient":"+254700000001","message":"the secret text","segments":0,"priority":9,
            "expiresAt":"2026-01-01T00:00:01.500Z","claimBy":"2026-01-01T03:00:00.000+03:00"}]}""";

    @Test
    public void anOfferIsParsedAndWhatIsNewIsIgnored() throws Exception {
        Offer offer = ((Offers) FrameParser.parse(OFFER)).offers().get(0);
        assertEquals(new Key("job_1", "t"), offer.key());
        assertEquals("the secret text", offer.message());
        assertEquals(1, offer.segments());
        assertEquals(1_500, offer.expiresAt() - offer.claimBy());
        assertFalse(offer.toString().contains("secret"));
    }

    @Test
    public void theOtherFramesAreParsed() throws Exception {
        Welcome welcome = (Welcome) FrameParser.parse("""
                {"type":"welcome","serverTime":"2026-01-01T00:00:00.000Z","heartbeatSeconds":300,
                "resolve":[{"jobId":"job_1","token":null,"action":"go"}]}""");
        assertEquals(300, welcome.heartbeatSeconds());
        assertNull(welcome.resolve().get(0).token());
        Claimed claimed = (Claimed) FrameParser.parse("""
                {"type":"claimed","items":[{"jobId":"a","token":"b","verdict":"go"},
                {"jobId":"a","token":"c","verdict":"gone","reason":"late"}]}""");
        assertTrue(claimed.verdicts().get(0).isGo());
        assertEquals("late", claimed.verdicts().get(1).reason());
        assertEquals(new Ack(7), FrameParser.parse("{\"type\":\"ack\",\"seq\":7}"));
        assertEquals(new Settings(0, Map.of(1, false)),
                FrameParser.parse("{\"type\":\"config\",\"sims\":[{\"simSlot\":1,\"isEnabled\":false}]}"));
        assertEquals(new ServerError("invalid-frame", null, 9),
                FrameParser.parse("{\"type\":\"error\",\"code\":\"invalid-frame\",\"message\":\"x\",\"ref\":9}"));
        assertEquals(new ServerError("invalid-frame", "job_1", 0),
                FrameParser.parse("{\"type\":\"error\",\"code\":\"invalid-frame\",\"message\":\"x\",\"ref\":\"job_1\"}"));
        assertNull(FrameParser.parse("{\"type\":\"tomorrow\"}"));
    }

    @Test
    public void whatCannotBeUsedIsRefusedWithoutItsValues() {
        List<String> bad = List.of(
                "", "null", "[]", "42", "{", "{\"type\":7}", "{\"type\":\"ack\",\"seq\":\"7\"}",
                "{\"type\":\"ack\",\"seq\":1.5}", "{\"type\":\"ack\"}", "{\"type\":\"claimed\",\"items\":{}}",
                "{\"type\":\"claimed\",\"items\":[1]}", "{\"type\":\"config\",\"sims\":[{\"simSlot\":0,\"isEnabled\":1}]}",
                "{\"type\":\"welcome\",\"serverTime\":\"yesterday\",\"heartbeatSeconds\":300,\"resolve\":[]}",
                "{\"type\":\"welcome\",\"serverTime\":\"2026-01-01T00:00:00\",\"heartbeatSeconds\":300}",
                "{\"type\":\"welcome\",\"serverTime\":\"2026-01-01T00:00:00.000Z\",\"heartbeatSeconds\":0}",
                OFFER.replace("\"simSlot\":0", "\"simSlot\":9000000000"),
                OFFER.replace("\"the secret text\"", "{\"a\":\"the secret text\"}"),
                OFFER.replace("\"token\":\"t\"", "\"token\":null"));
        for (String text : bad) {
            BadFrameException error = assertThrows(text, BadFrameException.class, () -> FrameParser.parse(text));
            assertFalse(error.getMessage(), error.getMessage().contains("secret"));
        }
    }

    @Test
    public void aFrameThatIsDeepIsRefusedBeforeItIsParsed() {
        String deep = String.join("", Collections.nCopies(60_000, "["));
        assertThrows(BadFrameException.class, () -> FrameParser.parse("{\"type\":\"ack\",\"seq\":" + deep));
    }

    @Test
    public void textsKeepWhatJsonCanCarry() throws Exception {
        String text = "a/b \\ \" \u2028 \ud83d\ude00 \ud800 x \udc00";
        String json = Json.write(Json.of("text", text, "left", null));
        assertEquals(text, Json.object(json).getString("text"));
        assertFalse(json.contains("\ud800 "));
        assertFalse(json.contains("\\/"));
        assertEquals(json.getBytes(java.nio.charset.StandardCharsets.UTF_8).length, Json.bytes(json));
    }

    @Test
    public void timesHaveMilliseconds() throws Exception {
        assertEquals("2026-01-01T00:00:00.007Z", Times.format(Times.parse("2026-01-01T00:00:00.007Z")));
        assertEquals("1970-01-01T00:00:00.000Z", Times.format(0));
    }
}
