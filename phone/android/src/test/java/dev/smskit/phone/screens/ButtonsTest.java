package dev.smskit.phone.screens;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.DialogInterface;
import android.content.Intent;
import android.net.Uri;
import android.os.ParcelFileDescriptor;
import android.provider.OpenableColumns;
import android.provider.Settings;
import android.text.Spanned;
import android.text.style.LeadingMarginSpan;
import android.view.View;
import android.widget.Spinner;
import android.widget.Switch;
import android.widget.TextView;
import dev.smskit.phone.MainActivity;
import dev.smskit.phone.R;
import dev.smskit.phone.journal.Owed;
import dev.smskit.phone.pairing.Credentials;
import dev.smskit.phone.platform.PhoneService;
import dev.smskit.phone.status.Problem;
import dev.smskit.phone.support.DeviceTest;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.annotation.Config;

/** Each button does what it says. */
@RunWith(RobolectricTestRunner.class)
@Config(application = StillApp.class)
public class ButtonsTest {
    private Activity screen;

    private void click(int id) {
        View view = screen.findViewById(id);
        assertTrue("can be seen", view.isShown());
        view.performClick();
        Scene.idle();
    }

    private Intent started() {
        return shadowOf(screen).getNextStartedActivity();
    }

    private void mend(Problem problem) {
        screen = Scene.status(Snapshots.busy(problem)).get();
        boolean isHeadline = ProblemWords.gravity(problem) != ProblemWords.Gravity.WARNS;
        click(isHeadline ? R.id.state_mend : R.id.mend);
    }

    private void opens(Problem problem, String action) {
        mend(problem);
        assertEquals(problem.name(), action, started().getAction());
    }

    private void asks(Problem problem, Permission permission) {
        mend(problem);
        Intent intent = started();
        assertEquals(PermissionsActivity.class.getName(), intent.getComponent().getClassName());
        assertEquals(permission.name(), intent.getStringExtra("only"));
    }

    @Test
    public void eachProblemIsMendedByItsButton() {
        opens(Problem.DISK_FULL, Settings.ACTION_INTERNAL_STORAGE_SETTINGS);
        opens(Problem.AIRPLANE_MODE, Settings.ACTION_AIRPLANE_MODE_SETTINGS);
        opens(Problem.NO_NETWORK, Settings.ACTION_WIRELESS_SETTINGS);
        opens(Problem.MESSAGES_SET_ASIDE, Intent.ACTION_CHOOSER);
        asks(Problem.NO_SEND_PERMISSION, Permission.SEND);
        asks(Problem.NO_RECEIVE_PERMISSION, Permission.RECEIVE);
        asks(Problem.NO_PHONE_PERMISSION, Permission.SIMS);
        asks(Problem.BATTERY_OPTIMISED, Permission.BATTERY);
        asks(Problem.NO_EXACT_ALARMS, Permission.ALARMS);
        asks(Problem.NO_NOTIFICATIONS, Permission.NOTIFICATIONS);
    }

    @Test
    public void whatOnlyWaitingOrHandsCanMendHasNoButton() {
        for (Problem problem : new Problem[] {Problem.NO_SIM, Problem.NOT_CONNECTED}) {
            screen = Scene.status(Snapshots.with(problem)).get();
            assertFalse(screen.findViewById(R.id.state_mend).isShown());
        }
    }

    @Test
    public void whoHasTheDashboardIsAskedForTheSimsThatTheServerHasSwitchedOff() {
        screen = Scene.status(Snapshots.simsOff()).get();
        click(R.id.mend);
        Intent send = started().getParcelableExtra(Intent.EXTRA_INTENT);
        String text = send.getStringExtra(Intent.EXTRA_TEXT);
        assertTrue(text, text.contains("Airtel") && text.contains("dvc_"));
        assertFalse("on, or off by its owner", text.contains("Safaricom") || text.contains(";"));
    }

    @Test
    public void resumeResumes() {
        Scene.app().preferences().setPaused(true);
        mend(Problem.PAUSED);
        assertFalse(Scene.app().preferences().isPaused());
    }

    @Test
    public void startStarts() {
        Scene.app().credentials().save(new Credentials("dvc_1", "dt_1", "wss://sms.example.com/live", Snapshots.SERVER, false));
        mend(Problem.NOT_SERVING);
        assertEquals(PhoneService.class.getName(), shadowOf(Scene.app()).getNextStartedService().getComponent().getClassName());
        Scene.app().close();
    }

    @Test
    public void aRevokedPhoneIsPairedAgainAndARefusedOneUnpairedFirst() {
        screen = Scene.status(Snapshots.revoked()).get();
        click(R.id.state_mend);
        assertTrue(screen.findViewById(R.id.server).isShown());
        click(R.id.cancel);
        assertTrue("back to the status", screen.findViewById(R.id.state).isShown());
        screen = Scene.status(Snapshots.with(Problem.REFUSED_BY_SERVER)).get();
        click(R.id.state_mend);
        assertEquals(SettingsActivity.class.getName(), started().getComponent().getClassName());
    }

    @Test
    public void theStatusLeadsToTheSettings() {
        screen = Scene.status(Snapshots.quiet()).get();
        click(R.id.settings);
        assertEquals(SettingsActivity.class.getName(), started().getComponent().getClassName());
    }

    @Test
    public void switchesSwitch() {
        screen = Scene.settings(unpairing -> { }).get();
        click(R.id.pause);
        assertTrue(Scene.app().preferences().isPaused());
        click(R.id.pause);
        assertFalse(Scene.app().preferences().isPaused());
        ((Switch) ((android.view.ViewGroup) screen.findViewById(R.id.sims)).getChildAt(1)).performClick();
        assertFalse(Scene.app().preferences().isOn(1));
        assertTrue(Scene.app().preferences().isOn(0));
    }

    @Test
    public void theLimitIsKeptAndShownAgain() {
        screen = Scene.settings(unpairing -> { }).get();
        ((Spinner) screen.findViewById(R.id.limit)).setSelection(3);
        Scene.idle();
        assertEquals(100, Scene.app().preferences().partsPerHour());
        Scene.app().preferences().setPartsPerHour(77);
        screen = Scene.settings(unpairing -> { }).get();
        assertTrue(((Spinner) screen.findViewById(R.id.limit)).getSelectedItem().toString().contains("77"));
    }

    /** Waits for the other end of the pipe: Robolectric's is a file that grows. */
    private static void awaitText(Uri file, String expected) throws IOException {
        StringBuilder text = new StringBuilder();
        try (ParcelFileDescriptor open = Scene.app().getContentResolver().openFileDescriptor(file, "r");
                FileInputStream in = new FileInputStream(open.getFileDescriptor())) {
            DeviceTest.await(expected, () -> {
                try {
                    return text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8)).indexOf(expected) >= 0;
                } catch (IOException error) {
                    throw new UncheckedIOException(error);
                }
            });
        }
    }

    @Test
    public void theLogIsSharedAsAFileThatOnlyTheReceiverMayRead() throws Exception {
        screen = Scene.settings(unpairing -> { }).get();
        Scene.app().events().emit("opened", "count", 7);
        click(R.id.share_log);
        Intent send = started().getParcelableExtra(Intent.EXTRA_INTENT);
        Uri log = send.getParcelableExtra(Intent.EXTRA_STREAM);
        assertNotEquals(0, send.getFlags() & Intent.FLAG_GRANT_READ_URI_PERMISSION);
        awaitText(log, "opened count=7");
        try (android.database.Cursor cursor = Scene.app().getContentResolver().query(log, null, null, null, null)) {
            assertTrue(cursor.moveToFirst());
            assertEquals("smskit-log.txt", cursor.getString(cursor.getColumnIndex(OpenableColumns.DISPLAY_NAME)));
        }
        assertFalse(Scene.app().getPackageManager().resolveContentProvider("dev.smskit.phone.log", 0).exported);
    }

    @Test
    public void unpairingAsksFirst() {
        Scene.app().credentials().save(new Credentials("dvc_1", "dt_1", "wss://sms.example.com/live", Snapshots.SERVER, true));
        screen = Scene.settings(unpairing -> { }).get();
        click(R.id.unpair);
        dialogButton(DialogInterface.BUTTON_NEGATIVE);
        assertEquals("dvc_1", Scene.app().credentials().load().deviceId());
        assertNull(Picture.dialog());
        click(R.id.unpair);
        dialogButton(DialogInterface.BUTTON_POSITIVE);
        assertNull(Scene.app().credentials().load());
        Scene.app().board().show(Snapshots.unpaired());
        Scene.idle();
        assertTrue(screen.isFinishing());
    }

    @Test
    public void whatCannotBeToldIsNamedBeforeItIsLost() {
        Scene.app().credentials().save(new Credentials("dvc_1", "dt_1", "wss://sms.example.com/live", Snapshots.SERVER, true));
        screen = Scene.settings(unpairing -> unpairing.answered(new Owed(1, 1, 3))).get();
        Spanned message = (Spanned) ((TextView) Picture.dialog().findViewById(android.R.id.message)).getText();
        assertTrue(message.toString(), message.toString().contains("\n• what became of 2 messages\n• 3 received SMS\n"));
        assertEquals("go on behind their bullets", 2, message.getSpans(0, message.length(), LeadingMarginSpan.class).length);
        dialogButton(DialogInterface.BUTTON_POSITIVE);
        assertNull(Scene.app().credentials().load());
    }

    private static void dialogButton(int which) {
        ((AlertDialog) Picture.dialog()).getButton(which).performClick();
        Scene.idle();
    }

    @Test
    public void backLeavesTheSettings() {
        screen = Scene.settings(unpairing -> { }).get();
        click(R.id.back);
        assertTrue(screen.isFinishing());
    }

    @Test
    public void theFirstScreenOfAnUnpairedPhoneTellsOfALostKey() {
        MainActivity main = Scene.status(Snapshots.unpaired(Problem.KEY_LOST)).get();
        assertTrue(main.findViewById(R.id.note).isShown());
        assertFalse("there is nothing to go back to", main.findViewById(R.id.cancel).isShown());
    }
}
