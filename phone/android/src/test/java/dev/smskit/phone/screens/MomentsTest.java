package dev.smskit.phone.screens;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/** Times in the words and the order of the screen's language. Robolectric's older Androids don't know these orders. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = 35, application = StillApp.class)
public class MomentsTest {
    private static String shown(LocalDate day) {
        long noon = day.atTime(15, 7).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
        return Moments.of(Scene.app(), noon);
    }

    @Test
    @Config(qualifiers = "en-rUS")
    public void inEnglishTheMonthComesFirst() {
        assertTrue(shown(LocalDate.of(2020, 11, 28)), shown(LocalDate.of(2020, 11, 28)).matches("Nov\u00A028, 3:07[\u00A0\u202F]PM"));
    }

    @Test
    @Config(qualifiers = "sw-rKE")
    public void inSwahiliTheDayComesFirst() {
        assertEquals("28\u00A0Nov, 15:07", shown(LocalDate.of(2020, 11, 28)));
    }

    @Test
    public void ofTodayThereIsTheTimeAlone() {
        assertTrue(shown(LocalDate.now()).endsWith("3:07\u00A0PM"));
        assertTrue(!shown(LocalDate.now()).contains(","));
    }
}
