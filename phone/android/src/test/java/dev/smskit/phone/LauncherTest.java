package dev.smskit.phone;

import static org.junit.Assert.assertEquals;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;

/** The app opens. */
@RunWith(RobolectricTestRunner.class)
public class LauncherTest {
    @Test
    public void theLauncherOpensTheApp() {
        MainActivity activity = Robolectric.buildActivity(MainActivity.class).setup().get();
        assertEquals("SMSKit", activity.getTitle().toString());
    }
}
