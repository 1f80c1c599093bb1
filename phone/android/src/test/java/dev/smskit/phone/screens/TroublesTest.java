package dev.smskit.phone.screens;

import static org.junit.Assert.assertEquals;
import static org.robolectric.Shadows.shadowOf;

import android.Manifest;
import android.app.NotificationManager;
import android.content.Intent;
import android.os.PowerManager;
import android.provider.Settings;
import android.telephony.TelephonyManager;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import dev.smskit.phone.MainActivity;
import dev.smskit.phone.R;
import dev.smskit.phone.journal.FullDisk;
import dev.smskit.phone.support.PhoneTest;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.shadows.ShadowAlarmManager;

/** What goes wrong with the device itself is on the screen with what mends it, and is gone from it once it is mended. */
@RunWith(RobolectricTestRunner.class)
@Config(sdk = {26, 33, 35})
public class TroublesTest extends PhoneTest {
    private ActivityController<MainActivity> screen;

    @Before
    public void allIsWell() {
        shadowOf(app.getSystemService(PowerManager.class)).setIgnoringBatteryOptimizations(app.getPackageName(), true);
        shadowOf(app.getSystemService(NotificationManager.class)).setNotificationsEnabled(true);
        ShadowAlarmManager.setCanScheduleExactAlarms(true);
        connect();
        screen = Robolectric.buildActivity(MainActivity.class).setup();
        shows(R.string.connected);
    }

    private List<String> shown() {
        List<String> shown = new ArrayList<>();
        TextView state = screen.get().findViewById(R.id.state);
        if (state == null) {
            return shown;
        }
        shown.add(state.getText().toString());
        ViewGroup problems = screen.get().findViewById(R.id.problems);
        for (int i = 0; i < problems.getChildCount(); i++) {
            shown.add(((TextView) problems.getChildAt(i).findViewById(R.id.name)).getText().toString());
        }
        return shown;
    }

    /** These and no others, the state at the top first. */
    private void shows(int... names) {
        List<String> expected = new ArrayList<>();
        for (int name : names) {
            expected.add(app.getString(name));
        }
        await(expected.toString(), () -> shown().equals(expected));
    }

    private void comesBackFromAndroidsSettings() {
        screen.pause().stop().start().resume();
    }

    private Intent opens(int button) {
        View view = screen.get().findViewById(button);
        assertEquals(View.VISIBLE, view.getVisibility());
        view.performClick();
        return shadowOf(screen.get()).getNextStartedActivity();
    }

    private void asks(int button, Permission permission) {
        assertEquals(permission.name(), opens(button).getStringExtra("only"));
    }

    private void withdrawn(String permission, Permission asked, int name, boolean isAbleToSend) {
        shadowOf(app).denyPermissions(permission);
        comesBackFromAndroidsSettings();
        shows(name);
        asks(R.id.state_mend, asked);
        String jobId = "job_" + asked;
        server.offer(server.add(jobId));
        if (isAbleToSend) {
            atRadio(FIRST);
        } else {
            await("given back", () -> !server.items("decline", jobId).isEmpty());
            assertEquals("permission-denied", server.items("decline", jobId).get(0).optString("reason"));
        }
        shadowOf(app).grantPermissions(permission);
        comesBackFromAndroidsSettings();
        shows(R.string.connected);
    }

    @Test
    public void thePermissionToSend() {
        withdrawn(Manifest.permission.SEND_SMS, Permission.SEND, R.string.problem_no_send, false);
    }

    @Test
    public void thePermissionToReceive() {
        withdrawn(Manifest.permission.RECEIVE_SMS, Permission.RECEIVE, R.string.problem_no_receive, true);
    }

    @Test
    public void thePermissionToSeeTheSims() {
        withdrawn(Manifest.permission.READ_PHONE_STATE, Permission.SIMS, R.string.problem_no_phone, false);
    }

    @Test
    public void simsThatAreTakenOut() {
        ViewGroup sims = screen.get().findViewById(R.id.sims);
        insertSims(FIRST);
        await("one left", () -> sims.getChildCount() == 1);
        insertSims();
        shows(R.string.problem_no_sim);
        assertEquals("hands mend it", View.GONE, screen.get().findViewById(R.id.state_mend).getVisibility());
        insertSims(FIRST, SECOND);
        shows(R.string.connected);
        assertEquals(2, sims.getChildCount());
    }

    @Test
    public void aSimThatWantsItsPin() {
        shadowOf(app.getSystemService(TelephonyManager.class)).setSimState(1, TelephonyManager.SIM_STATE_PIN_REQUIRED);
        comesBackFromAndroidsSettings();
        ViewGroup sims = screen.get().findViewById(R.id.sims);
        await("said", () -> app.getString(R.string.sim_not_ready).contentEquals(
                ((TextView) sims.getChildAt(1).findViewById(R.id.sim_state)).getText()));
        await("the server hears", () -> server.of("heartbeat").stream().anyMatch(
                beat -> beat.optJSONArray("sims").optJSONObject(0).optBoolean("isReady")
                        && !beat.optJSONArray("sims").optJSONObject(1).optBoolean("isReady")));
    }

    @Test
    public void airplaneMode() {
        setAirplaneMode(true);
        shows(R.string.problem_airplane);
        assertEquals(Settings.ACTION_AIRPLANE_MODE_SETTINGS, opens(R.id.state_mend).getAction());
        setAirplaneMode(false);
        shows(R.string.connected);
    }

    @Test
    public void noNetwork() {
        loseNetwork();
        shows(R.string.problem_no_network);
        assertEquals(Settings.ACTION_WIRELESS_SETTINGS, opens(R.id.state_mend).getAction());
        findNetwork();
        shows(R.string.connected);
    }

    @Test
    public void aNetworkThatGoesWhileThePhoneWaitsForItsServer() {
        server.refuseWith = 503;
        app.timings.reconnectBase = 1_000_000_000;
        app.timings.reconnectCap = 1_000_000_000;
        server.drop();
        shows(R.string.problem_not_connected);
        loseNetwork();
        shows(R.string.problem_no_network);
    }

    @Test
    public void theBatteryExemption() {
        shadowOf(app.getSystemService(PowerManager.class)).setIgnoringBatteryOptimizations(app.getPackageName(), false);
        comesBackFromAndroidsSettings();
        shows(R.string.connected, R.string.problem_battery);
        asks(R.id.mend, Permission.BATTERY);
        shadowOf(app.getSystemService(PowerManager.class)).setIgnoringBatteryOptimizations(app.getPackageName(), true);
        comesBackFromAndroidsSettings();
        shows(R.string.connected);
    }

    @Test
    public void notifications() {
        shadowOf(app.getSystemService(NotificationManager.class)).setNotificationsEnabled(false);
        comesBackFromAndroidsSettings();
        shows(R.string.connected, R.string.problem_notifications);
        asks(R.id.mend, Permission.NOTIFICATIONS);
    }

    @Test
    @Config(sdk = {33, 35})
    public void exactAlarms() {
        ShadowAlarmManager.setCanScheduleExactAlarms(false);
        comesBackFromAndroidsSettings();
        shows(R.string.connected, R.string.problem_alarms);
        asks(R.id.mend, Permission.ALARMS);
    }

    @Test
    public void aFullDisk() {
        app.timings.fullDiskShown = 3_000;
        FullDisk.refuseWrites(app.journal());
        receive(FIRST, "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07");
        shows(R.string.problem_disk_full);
        assertEquals(Settings.ACTION_INTERNAL_STORAGE_SETTINGS, opens(R.id.state_mend).getAction());
        FullDisk.empty(app.journal());
        shows(R.string.connected);
        await("kept", () -> server.inbound.size() == 1);
    }

    @Test
    public void aServiceThatAndroidHasEnded() {
        service().onDestroy();
        shows(R.string.problem_not_serving);
        screen.get().findViewById(R.id.state_mend).performClick();
        await("begun again", () -> shadowOf(app).peekNextStartedService() != null);
    }
}
