package dev.smskit.phone.screens;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.content.Intent;
import android.content.pm.PackageManager;
import android.content.pm.ResolveInfo;
import android.net.Uri;
import android.os.Bundle;
import android.widget.EditText;
import android.widget.TextView;
import dev.smskit.phone.MainActivity;
import dev.smskit.phone.R;
import dev.smskit.phone.status.Actions.PairResult;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.Robolectric;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;

/** A person pairs: by a link or typed, agrees first, and is told what is wrong. */
@RunWith(RobolectricTestRunner.class)
@Config(application = StillApp.class)
public class PairingFlowTest {
    private static final String LINK = "smskit://pair?server=https%3A%2F%2Fsms.example.com&code=7H2K9-M4P1Q";

    private ActivityController<MainActivity> controller;

    @Before
    public void showUnpaired() {
        Scene.app().board().show(Snapshots.unpaired());
    }

    private PairingFlow flow() {
        return (PairingFlow) controller.get().onRetainNonConfigurationInstance();
    }

    private String text(int id) {
        return ((TextView) controller.get().findViewById(id)).getText().toString();
    }

    private boolean shows(int id) {
        return controller.get().findViewById(id) != null && controller.get().findViewById(id).isShown();
    }

    private void click(int id) {
        controller.get().findViewById(id).performClick();
        Scene.idle();
    }

    private void open(String link) {
        Intent intent = new Intent(Intent.ACTION_VIEW, Uri.parse(link), Scene.app(), MainActivity.class);
        controller = Robolectric.buildActivity(MainActivity.class, intent).setup();
    }

    private static Intent scanned(String link) {
        return new Intent(Intent.ACTION_VIEW, Uri.parse(link)).addCategory(Intent.CATEGORY_BROWSABLE);
    }

    @Test
    public void theCamerasLinkOpensTheApp() {
        ResolveInfo opened = Scene.app().getPackageManager().resolveActivity(scanned(LINK), PackageManager.MATCH_DEFAULT_ONLY);
        assertEquals(MainActivity.class.getName(), opened.activityInfo.name);
        assertNull(Scene.app().getPackageManager().resolveActivity(scanned("smskit://other"), 0));
    }

    @Test
    public void aLinkMayComeWhileTheAppIsOpen() {
        controller = Robolectric.buildActivity(MainActivity.class).setup();
        controller.newIntent(scanned(LINK));
        Scene.idle();
        assertEquals("sms.example.com", text(R.id.host).replace("\u200B", ""));
        assertEquals(PairingFlow.Stage.ASKING, flow().stage());
    }

    private void type(String server, String code) {
        controller = Robolectric.buildActivity(MainActivity.class).setup();
        ((EditText) controller.get().findViewById(R.id.server)).setText(server);
        ((EditText) controller.get().findViewById(R.id.code)).setText(code);
        click(R.id.go_on);
    }

    private void isRefused(PairingError error) {
        assertEquals(error, flow().error());
        boolean isOfField = error == PairingError.ADDRESS || error == PairingError.CODE;
        assertEquals("beside the field, or above the page", isOfField, !shows(R.id.note));
        assertEquals(error == PairingError.ADDRESS, shows(R.id.server_wrong));
        assertEquals(error == PairingError.CODE, shows(R.id.code_wrong));
        int words = error == PairingError.ADDRESS ? R.id.server_wrong : error == PairingError.CODE ? R.id.code_wrong : R.id.note_text;
        assertEquals(controller.get().getString(error.words), text(words));
        assertFalse("nobody is asked to agree", shows(R.id.pair));
    }

    @Test
    public void aLinkShowsTheServerAndAsks() {
        open(LINK);
        assertEquals("sms.example.com", text(R.id.host).replace("\u200B", ""));
        assertEquals(PairingFlow.Stage.ASKING, flow().stage());
        click(R.id.cancel);
        assertTrue("nothing happened", shows(R.id.server));
    }

    @Test
    public void badLinksSayWhatIsWrong() {
        for (String link : new String[] {
            "smskit://pair", "smskit://pair?server=javascript%3Aalert(1)&code=1", "smskit://pair?server=https%3A%2F%2Fa.example&code=%3Cscript%3E",
            "smskit://pair?server=https%3A%2F%2Fa.example&code=1&code=2", "smskit:pair", "mailto:someone@example.com"}) {
            open(link);
            isRefused(PairingError.LINK);
        }
        open("smskit://pair?server=http%3A%2F%2Fsms.example.com&code=1");
        isRefused(PairingError.NOT_ENCRYPTED);
    }

    @Test
    public void whatIsTypedIsHeldAgainstTheRules() {
        type("http://sms.example.com", "1");
        isRefused(PairingError.NOT_ENCRYPTED);
        type("sms example", "1");
        isRefused(PairingError.ADDRESS);
        type("", "1");
        isRefused(PairingError.ADDRESS);
        type("https://sms.example.com", "1 2");
        isRefused(PairingError.CODE);
        type(" sms.example.com ", " 7H2K9-M4P1Q ");
        assertEquals("https://sms.example.com", flow().link().server());
        assertEquals("7H2K9-M4P1Q", flow().link().code());
        assertTrue(shows(R.id.pair));
    }

    @Test
    public void eachRefusalOfTheServerSaysWhatToDo() {
        open(LINK);
        for (PairResult result : PairResult.values()) {
            if (result != PairResult.PAIRED) {
                flow().go(PairingFlow.Stage.BUSY, null);
                flow().answered(result);
                PairingError error = flow().error();
                assertTrue(result.name(), error.name().equals(result.name()) || error == PairingError.NO_NETWORK);
                assertEquals(controller.get().getString(error.words), text(R.id.note_text));
                assertEquals(error.again != 0, shows(R.id.pair));
            }
        }
    }

    @Test
    public void aPairedPhoneIsToldToUnpairFirst() {
        Scene.app().board().show(Snapshots.busy());
        open(LINK);
        assertEquals(controller.get().getString(R.string.error_already), text(R.id.note_text));
        assertFalse(shows(R.id.pair));
        click(R.id.cancel);
        assertTrue("back to the status", shows(R.id.state));
    }

    @Test
    public void onceItIsPairedThePermissionsAreAskedFor() {
        open(LINK);
        flow().go(PairingFlow.Stage.BUSY, null);
        assertFalse("one try at a time", controller.get().findViewById(R.id.pair).isEnabled());
        Scene.app().board().show(Snapshots.quiet());
        flow().answered(PairResult.PAIRED);
        Scene.idle();
        assertEquals(PermissionsActivity.class.getName(),
                shadowOf(controller.get()).getNextStartedActivity().getComponent().getClassName());
        assertTrue(shows(R.id.state));
    }

    @Test
    public void aTurnOfTheDisplayKeepsWhatIsTypedAndTheAnswerOnItsWay() {
        type("sms.example.com", "7H2K9 M4P1Q");
        controller.recreate();
        assertEquals("7H2K9 M4P1Q", text(R.id.code));
        isRefused(PairingError.CODE);
        flow().accept(LINK);
        flow().go(PairingFlow.Stage.BUSY, null);
        PairingFlow before = flow();
        controller.recreate();
        assertEquals(PairingFlow.Stage.BUSY, flow().stage());
        before.answered(PairResult.WRONG_CODE);
        assertEquals(controller.get().getString(R.string.error_wrong_code), text(R.id.note_text));
    }

    @Test
    public void whatIsTypedOutlivesTheProcess() {
        type("sms.example.com", "ABC");
        Bundle state = new Bundle();
        controller.saveInstanceState(state).pause().stop().destroy();
        controller = Robolectric.buildActivity(MainActivity.class).setup(state);
        assertEquals("sms.example.com", text(R.id.host).replace("\u200B", ""));
        controller.get().onBackPressed();
        assertEquals("ABC", text(R.id.code));
        assertNull(flow().error());
    }
}
