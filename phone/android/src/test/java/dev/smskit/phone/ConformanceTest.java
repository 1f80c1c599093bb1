package dev.smskit.phone;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeNotNull;
import static org.robolectric.Shadows.shadowOf;

import android.os.Looper;
import dev.smskit.phone.support.HostedPhones;
import dev.smskit.phone.support.DeviceTest;
import dev.smskit.phone.support.PlayedSmsManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/** The conformance suite judges this app. SMSKIT_CONFORMANCE is the command that runs the suite, without its options. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 30, 33, 35}, shadows = PlayedSmsManager.class)
public class ConformanceTest extends DeviceTest {
    @Test
    public void everyRuleIsKept() throws Exception {
        String command = System.getenv("SMSKIT_CONFORMANCE");
        assumeNotNull(command);
        HostedPhones phones = new HostedPhones(app);
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of("--at-once", "1", "--phones", phones.address()));
        Process suite = new ProcessBuilder(words).inheritIO().start();
        while (!suite.waitFor(2, TimeUnit.MILLISECONDS)) {
            shadowOf(Looper.getMainLooper()).idle();
        }
        phones.stop();
        assertEquals(0, suite.exitValue());
    }
}
