package dev.smskit.phone.journal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.inbound.InboundMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.After;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** SMS that came in wait until the server has them, whatever happens to the frames. */
@RunWith(RobolectricTestRunner.class)
public class ArrivalsTest {
    private Journal journal;

    @Before
    public void open() {
        journal = new Journal(RuntimeEnvironment.getApplication(), "dvc_1");
    }

    @After
    public void close() {
        journal.close();
    }

    private void add(String id, int length) {
        String text = String.join("", Collections.nCopies(length, "x"));
        journal.arrivals.add(new InboundMessage("+254700000001", 0, text, "2026-01-01T00:00:00.000Z").items(id));
    }

    @Test
    public void aFrameHasTwentyMessagesAtMostAndKeepsThemUntilTheAck() {
        for (int i = 0; i < 25; i++) {
            add("pm_" + i, 10);
        }
        Arrivals.Frame frame = journal.arrivals.nextFrame();
        assertEquals(20, frame.messages().size());
        assertTrue(frame.messages().get(0).contains("pm_0"));
        journal.close();
        journal = new Journal(RuntimeEnvironment.getApplication(), "dvc_1");
        add("pm_later", 10);
        assertEquals(frame, journal.arrivals.nextFrame());
        assertEquals(20, journal.arrivals.acknowledge(frame.seq()));
        assertFalse(journal.arrivals.holds(frame.seq()));
        assertEquals(6, journal.arrivals.nextFrame().messages().size());
    }

    @Test
    public void aFrameHasAtMost24KilobytesUnlessOneMessageIsLonger() {
        add("pm_1", 9_000);
        add("pm_2", 9_000);
        add("pm_3", 9_000);
        Arrivals.Frame frame = journal.arrivals.nextFrame();
        assertEquals(2, frame.messages().size());
        journal.arrivals.acknowledge(frame.seq());
        assertEquals(1, journal.arrivals.nextFrame().messages().size());
    }

    @Test
    public void aMessageThatTheServerCannotUseIsFoundAndSetAsideAndTheOthersKeepTheirOrder() {
        for (int i = 0; i < 8; i++) {
            add("pm_" + i, 10);
        }
        List<String> told = new ArrayList<>();
        boolean isSetAside = false;
        for (Arrivals.Frame frame = journal.arrivals.nextFrame(); frame != null; frame = journal.arrivals.nextFrame()) {
            if (frame.messages().stream().anyMatch(message -> message.contains("pm_3"))) {
                isSetAside |= journal.arrivals.refuse(frame.seq());
            } else {
                frame.messages().forEach(message -> told.add(message.replaceAll(".*(pm_\\d).*", "$1")));
                journal.arrivals.acknowledge(frame.seq());
            }
        }
        assertTrue(isSetAside);
        assertEquals(List.of("pm_0", "pm_1", "pm_2", "pm_4", "pm_5", "pm_6", "pm_7"), told);
        assertEquals(1, journal.arrivals.setAside());
        journal.arrivals.prune(Long.MAX_VALUE);
        assertEquals(0, journal.arrivals.setAside());
    }

    @Test
    public void aFrameThatIsNeverAnsweredIsSplitAndNothingIsGivenUp() {
        add("pm_0", 10);
        add("pm_1", 10);
        journal.arrivals.postpone(journal.arrivals.nextFrame().seq());
        Arrivals.Frame first = journal.arrivals.nextFrame();
        assertEquals(1, first.messages().size());
        journal.arrivals.postpone(first.seq());
        Arrivals.Frame second = journal.arrivals.nextFrame();
        assertTrue(second.messages().get(0).contains("pm_1"));
        journal.arrivals.acknowledge(second.seq());
        assertTrue(journal.arrivals.nextFrame().messages().get(0).contains("pm_0"));
        journal.arrivals.acknowledge(journal.arrivals.nextFrame().seq());
        assertNull(journal.arrivals.nextFrame());
    }

    @Test
    public void reportsAndMessagesShareOneCount() {
        add("pm_0", 10);
        long seq = journal.arrivals.nextFrame().seq();
        journal.arrivals.acknowledge(seq);
        add("pm_1", 10);
        assertEquals(seq + 1, journal.arrivals.nextFrame().seq());
    }
}
