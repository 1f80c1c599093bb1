package dev.smskit.phone.platform;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.Manifest;
import android.app.AlarmManager;
import android.content.Intent;
import android.os.Build;
import android.os.SystemClock;
import dev.smskit.phone.support.FakeKeystore;
import dev.smskit.phone.support.PhoneTest;
import java.io.File;
import java.nio.file.Files;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowAlarmManager;

/** The phone is there after a start of the device and an update, and where the device dozes. */
@RunWith(RobolectricTestRunner.class)
public class LifeOfTheServiceTest extends PhoneTest {
    private String started() {
        Intent intent = shadowOf(app).getNextStartedService();
        return intent == null ? null : intent.getComponent().getClassName();
    }

    @Test
    public void aPairedPhoneServesAfterAStartAndAnUpdate() {
        for (String action : new String[] {Intent.ACTION_BOOT_COMPLETED, Intent.ACTION_MY_PACKAGE_REPLACED}) {
            new StartReceiver().onReceive(app, new Intent(action));
            assertEquals(PhoneService.class.getName(), started());
        }
        new StartReceiver().onReceive(app, new Intent("another.ACTION"));
        assertNull(started());
    }

    @Test
    public void anUnpairedPhoneDoesNot() {
        app.credentials().forget();
        new StartReceiver().onReceive(app, new Intent(Intent.ACTION_BOOT_COMPLETED));
        assertNull(started());
        serve();
        assertTrue(shadowOf(service()).isStoppedBySelf());
    }

    @Test
    public void aServiceThatRunsWatchesSimsOnceItMaySeeThem() {
        shadowOf(app).denyPermissions(Manifest.permission.READ_PHONE_STATE);
        connect();
        shadowOf(app).grantPermissions(Manifest.permission.READ_PHONE_STATE);
        service().onStartCommand(new Intent(), 0, 2);
        int before = server.of("hello").size();
        insertSims(SECOND);
        await("a new hello", () -> server.of("hello").size() > before);
    }

    @Test
    public void anAlarmIsSetForEachHeartbeatAndAnAlarmChecksUp() {
        connect();
        AlarmManager alarms = app.getSystemService(AlarmManager.class);
        await("an alarm", () -> shadowOf(alarms).peekNextScheduledAlarm() != null);
        server.drop();
        await("offline", () -> app.phone().connectedSince() == 0 || server.of("hello").size() > 1);
        new HeartbeatAlarm().onReceive(app, new Intent());
        assertEquals(PhoneService.class.getName(), started());
        await("online", () -> server.of("hello").size() > 1);
        assertNotNull(shadowOf(alarms).peekNextScheduledAlarm());
    }

    @Test
    @Config(sdk = {26, 33, 35})
    public void anAlarmWakesTheDozingDeviceAtItsTimeOrWhereAndroidForbidsThatSoonAfter() {
        AlarmManager alarms = app.getSystemService(AlarmManager.class);
        long at = SystemClock.elapsedRealtime() + 60_000;
        for (boolean mayBeExact : new boolean[] {true, false}) {
            ShadowAlarmManager.setCanScheduleExactAlarms(mayBeExact);
            HeartbeatAlarm.set(app, app.permissions(), at);
            ShadowAlarmManager.ScheduledAlarm alarm = shadowOf(alarms).peekNextScheduledAlarm();
            assertEquals(AlarmManager.ELAPSED_REALTIME_WAKEUP, alarm.getType());
            assertEquals(at, alarm.getTriggerAtMs());
            assertTrue(alarm.isAllowWhileIdle());
            boolean isExact = mayBeExact || Build.VERSION.SDK_INT < 31;
            assertEquals(isExact, alarm.getWindowLengthMs() == ShadowAlarmManager.WINDOW_EXACT);
        }
        assertEquals("one at a time", 1, shadowOf(alarms).getScheduledAlarms().size());
    }

    @Test
    public void theTokenIsOnTheDiskOnlyUnderTheKeystoresKey() throws Exception {
        File folder = new File(app.getApplicationInfo().dataDir, "shared_prefs");
        for (File file : folder.listFiles()) {
            assertFalse(new String(Files.readAllBytes(file.toPath()), "UTF-8").contains("dt_secret"));
        }
        assertEquals("dt_secret", app.credentials().load().deviceToken());
        FakeKeystore.lose();
        assertNull(app.credentials().load());
        assertTrue(app.credentials().isKeyLost());
    }

    @Test
    public void theLogIsOfLimitedSizeAndReadable() {
        for (int i = 0; i < 8_000; i++) {
            app.events().emit("event", "number", i, "words", "two words\n");
        }
        String log = app.events().read();
        assertTrue(log.length() < 400_000);
        assertTrue(log.endsWith("number=7999 words=two_words?\n"));
    }
}
