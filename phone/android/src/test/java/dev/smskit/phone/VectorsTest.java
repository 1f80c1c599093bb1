package dev.smskit.phone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.protocol.BadFrameException;
import dev.smskit.phone.protocol.FrameParser;
import dev.smskit.phone.support.VectorPlayer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import org.json.JSONArray;
import org.json.JSONObject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.annotation.Config;

/** The vectors of the protocol, which the server and the Python agent are held against as well. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 30, 33, 35})
public class VectorsTest {
    private static final Path VECTORS = Paths.get("..", "vectors");

    private static JSONObject file(String name) throws Exception {
        return new JSONObject(new String(Files.readAllBytes(VECTORS.resolve(name)), StandardCharsets.UTF_8));
    }

    private static List<JSONObject> entries(JSONObject file, String list) throws Exception {
        List<JSONObject> entries = new ArrayList<>();
        JSONArray array = file.getJSONArray(list);
        for (int i = 0; i < array.length(); i++) {
            entries.add(array.getJSONObject(i));
        }
        return entries;
    }

    private static String text(JSONObject entry) throws Exception {
        return entry.has("text") ? entry.getString("text") : entry.getJSONObject("frame").toString();
    }

    @Test
    public void whatTheServerSaysIsUnderstood() throws Exception {
        JSONObject file = file("server-frames.json");
        for (String list : new String[] {"sent", "tolerated"}) {
            for (JSONObject entry : entries(file, list)) {
                assertNotNull(entry.getString("name"), FrameParser.parse(text(entry)));
            }
        }
        for (JSONObject entry : entries(file, "ignored")) {
            assertNull(entry.getString("name"), FrameParser.parse(text(entry)));
        }
    }

    @Test
    public void ofWhatCannotBeUsedNothingIsUsed() throws Exception {
        for (JSONObject entry : entries(file("server-frames.json"), "unusable")) {
            assertThrows(entry.getString("name"), BadFrameException.class, () -> FrameParser.parse(text(entry)));
        }
    }

    @Test
    public void thePhoneDecidesAsTheScriptsSay() throws Exception {
        play("decisions.json");
    }

    @Test
    public void whatIsLeftAfterADeathIsWhatTheScriptsSay() throws Exception {
        play("journals.json");
    }

    private static void play(String name) throws Exception {
        List<String> failures = new ArrayList<>();
        int played = 0;
        for (JSONObject script : entries(file(name), "cases")) {
            // Android always asks for delivery reports.
            if (script.getJSONObject("phone").getBoolean("deliveryReports")) {
                played++;
                try {
                    new VectorPlayer(RuntimeEnvironment.getApplication()).play(script);
                } catch (AssertionError failure) {
                    failures.add(failure.getMessage());
                }
            }
        }
        assertEquals(String.join("\n", failures), 0, failures.size());
        assertTrue(played > 10);
    }
}
