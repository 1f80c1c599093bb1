package dev.smskit.phone;

import static org.junit.Assert.assertEquals;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.RuntimeEnvironment;

/** The app opens, and behaves in the tests as Android lets it on a phone: by the version that it is built for. */
@RunWith(RobolectricTestRunner.class)
public class LauncherTest {
    @Test
    public void theLauncherOpensTheApp() {
        MainActivity activity = Robolectric.buildActivity(MainActivity.class).setup().get();
        assertEquals("SMSKit", activity.getTitle().toString());
    }

    @Test
    public void theTestsAreForTheAndroidThatTheAppIsFor() {
        assertEquals(35, RuntimeEnvironment.getApplication().getApplicationInfo().targetSdkVersion);
    }
}
