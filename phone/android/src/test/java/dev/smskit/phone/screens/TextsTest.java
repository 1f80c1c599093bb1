package dev.smskit.phone.screens;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** All words are in the resources, and all of them in both languages. */
public class TextsTest {
    private static final Path RES = Path.of("src/main/res");
    private static final Pattern PLACE = Pattern.compile("%\\d\\$,?[ds]");

    private static TreeMap<String, String> texts(String folder) throws Exception {
        TreeMap<String, String> texts = new TreeMap<>();
        Element root = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(RES.resolve(folder).resolve("strings.xml").toFile()).getDocumentElement();
        for (String kind : new String[] {"string", "item"}) {
            NodeList nodes = root.getElementsByTagName(kind);
            for (int i = 0; i < nodes.getLength(); i++) {
                Element node = (Element) nodes.item(i);
                String name = kind.equals("string") ? node.getAttribute("name")
                        : ((Element) node.getParentNode()).getAttribute("name") + "/" + node.getAttribute("quantity");
                assertEquals(name + " stands there twice", null, texts.put(name, node.getTextContent()));
            }
        }
        return texts;
    }

    private static List<String> places(String text) {
        List<String> places = new ArrayList<>();
        Matcher matcher = PLACE.matcher(text);
        while (matcher.find()) {
            places.add(matcher.group());
        }
        return places.stream().sorted().collect(Collectors.toList());
    }

    @Test
    public void swahiliHasEveryTextWithTheSamePlaces() throws Exception {
        TreeMap<String, String> english = texts("values");
        TreeMap<String, String> swahili = texts("values-sw");
        assertEquals(english.keySet(), swahili.keySet());
        english.forEach((name, text) -> {
            assertFalse(name, swahili.get(name).isBlank());
            assertEquals(name, places(text), places(swahili.get(name)));
        });
        List<String> same = english.keySet().stream()
                .filter(name -> english.get(name).equals(swahili.get(name))).collect(Collectors.toList());
        assertEquals(List.of("app_name", "day_and_time", "pair_code_hint", "pair_server_hint", "version"), same);
    }

    @Test
    public void noWordsStandInLayoutsOrCode() throws Exception {
        assertNone(RES.resolve("layout"), "android:(text|hint|contentDescription)=\"(?!@string/)");
        assertNone(Path.of("src/main/java/dev/smskit/phone/screens"),
                "(setText|setTitle|setMessage|setHint|setContentDescription|makeText)\\(\"");
    }

    private static void assertNone(Path folder, String pattern) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.collect(Collectors.toList());
            assertTrue(all.size() > 5);
            for (Path file : all) {
                assertFalse(file.toString(), Pattern.compile(pattern).matcher(Files.readString(file)).find());
            }
        }
    }
}
