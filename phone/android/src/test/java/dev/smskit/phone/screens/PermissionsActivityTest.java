package dev.smskit.phone.screens;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.content.Intent;
import android.content.pm.PackageManager;
import android.os.Build;
import android.provider.Settings;
import android.text.Spanned;
import android.text.style.LeadingMarginSpan;
import android.widget.TextView;
import dev.smskit.phone.R;
import java.util.ArrayList;
import java.util.List;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;

/** Permissions are asked for one by one, each with its reason, and a refusal is never the end. */
@RunWith(RobolectricTestRunner.class)
@Config(application = StillApp.class)
public class PermissionsActivityTest {
    private ActivityController<PermissionsActivity> controller;
    private PermissionsActivity screen;

    @Before
    public void open() {
        Scene.withhold();
        controller = Robolectric.buildActivity(PermissionsActivity.class).setup();
        screen = controller.get();
    }

    private String shown() {
        return ((TextView) screen.findViewById(R.id.name)).getText().toString();
    }

    private void click(int id) {
        screen.findViewById(id).performClick();
        Scene.idle();
    }

    private void answer(String permission, boolean isGranted) {
        if (isGranted) {
            shadowOf(Scene.app()).grantPermissions(permission);
        }
        screen.onRequestPermissionsResult(0, new String[] {permission},
                new int[] {isGranted ? PackageManager.PERMISSION_GRANTED : PackageManager.PERMISSION_DENIED});
    }

    @Test
    public void eachThatThisAndroidAsksForComesOnce() {
        List<String> names = new ArrayList<>();
        while (!screen.isFinishing()) {
            names.add(shown());
            click(R.id.later);
        }
        List<String> expected = new ArrayList<>(List.of("Send SMS", "Receive SMS", "See the SIMs"));
        if (Build.VERSION.SDK_INT >= 33) {
            expected.add("Show a notification");
        }
        expected.add("Work while the screen is off");
        assertEquals(expected, names);
    }

    @Test
    public void allowAsksAndroidAndTheNextComesWhenItIsGranted() {
        click(R.id.allow);
        assertEquals("android.permission.SEND_SMS", shadowOf(screen).getLastRequestedPermission().requestedPermissions[0]);
        answer("android.permission.SEND_SMS", true);
        assertEquals("Receive SMS", shown());
    }

    @Test
    public void aRefusalShowsTheWayThroughTheAppInfo() {
        answer("android.permission.SEND_SMS", false);
        assertEquals("Send SMS", shown());
        assertEquals(Build.VERSION.SDK_INT >= 33, ((TextView) screen.findViewById(R.id.refused_help))
                .getText().toString().contains("Allow restricted settings"));
        click(R.id.app_info);
        Intent info = shadowOf(screen).getNextStartedActivity();
        assertEquals(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, info.getAction());
        assertEquals("package:dev.smskit.phone", info.getDataString());
        shadowOf(Scene.app()).grantPermissions("android.permission.SEND_SMS");
        controller.pause().resume();
        assertEquals("Receive SMS", shown());
        assertFalse(screen.findViewById(R.id.refused).isShown());
    }

    @Test
    public void aDialogThatWasCutOffIsNoRefusal() {
        screen.onRequestPermissionsResult(0, new String[0], new int[0]);
        assertFalse(screen.findViewById(R.id.refused).isShown());
    }

    @Test
    public void theBatteryIsAskedForThisAppAlone() {
        screen = Robolectric.buildActivity(
                PermissionsActivity.class, PermissionsActivity.only(Scene.app(), Permission.BATTERY)).setup().get();
        click(R.id.allow);
        Intent ask = shadowOf(screen).getNextStartedActivity();
        assertEquals(Settings.ACTION_REQUEST_IGNORE_BATTERY_OPTIMIZATIONS, ask.getAction());
        assertEquals("package:dev.smskit.phone", ask.getDataString());
        click(R.id.later);
        assertTrue(screen.isFinishing());
    }

    @Test
    public void aTurnOfTheDisplayKeepsThePlace() {
        click(R.id.later);
        answer("android.permission.RECEIVE_SMS", false);
        controller.recreate();
        screen = controller.get();
        assertEquals("Receive SMS", shown());
        assertTrue(screen.findViewById(R.id.refused).isShown());
    }

    @Test
    public void nothingMissingIsNothingShown() {
        screen = Robolectric.buildActivity(
                PermissionsActivity.class, PermissionsActivity.only(Scene.app(), Permission.SEND)).get();
        shadowOf(Scene.app()).grantPermissions("android.permission.SEND_SMS");
        screen = Robolectric.buildActivity(
                PermissionsActivity.class, PermissionsActivity.only(Scene.app(), Permission.SEND)).setup().get();
        assertTrue(screen.isFinishing());
    }

    @Test
    @Config(sdk = 35)
    public void theStepsOutOfARestrictionGoOnBehindTheirNumbers() {
        answer("android.permission.SEND_SMS", false);
        Spanned help = (Spanned) ((TextView) screen.findViewById(R.id.refused_help)).getText();
        List<String> steps = new ArrayList<>();
        for (LeadingMarginSpan span : help.getSpans(0, help.length(), LeadingMarginSpan.class)) {
            assertEquals(0, span.getLeadingMargin(true));
            assertTrue(span.getLeadingMargin(false) > 0);
            steps.add(help.subSequence(help.getSpanStart(span), help.getSpanEnd(span)).toString().substring(0, 3));
        }
        assertEquals(List.of("1. ", "2. ", "3. "), steps);
    }
}
