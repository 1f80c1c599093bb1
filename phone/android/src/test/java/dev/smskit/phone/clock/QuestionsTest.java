package dev.smskit.phone.clock;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.util.OptionalLong;
import org.junit.Test;

/** Which of the server's answers is to which question. */
public class QuestionsTest {
    private static final long SERVER = 1_700_000_000_000L;

    private final Questions questions = new Questions();
    private long now = 100_000;

    @Test
    public void anAnswerThatTheNetworkHeldIsNotTakenForThatToALaterQuestion() {
        ServerClock clock = new ServerClock(() -> now);
        questions.ask(100_000);
        questions.ask(120_000);
        now = 121_000; // both answers come now: the server had stamped them 20 seconds apart
        clock.learn(SERVER, questions.answered().getAsLong());
        assertTrue(clock.passed(SERVER + 21_000));
        clock.learn(SERVER + 20_000, questions.answered().getAsLong());
        assertTrue(clock.passed(SERVER + 21_000));
        assertFalse(clock.passed(SERVER + 21_001));
        assertEquals(OptionalLong.empty(), questions.answered());
    }

    @Test
    public void aQuestionWhoseAnswerWasLostMakesLaterAnswersNeitherEarlyNorUselessForEver() {
        questions.ask(0);
        questions.ask(30_000);
        assertEquals(OptionalLong.of(0), questions.answered());
        questions.ask(300_000);
        assertEquals(OptionalLong.of(300_000), questions.answered());
    }
}
