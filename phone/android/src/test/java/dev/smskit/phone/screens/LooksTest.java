package dev.smskit.phone.screens;

import static org.junit.Assert.assertEquals;

import android.app.Activity;
import android.content.res.ColorStateList;
import android.text.Layout;
import android.view.View;
import android.view.ViewGroup;
import android.widget.EditText;
import android.widget.ImageView;
import android.widget.ScrollView;
import android.widget.TextView;
import dev.smskit.phone.R;
import dev.smskit.phone.status.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/**
 * Every screen in every state can be read and touched on every display: small and larger, light and dark, with an ordinary
 * font and the largest, in both languages. The views are laid out with real fonts.
 */
@RunWith(RobolectricTestRunner.class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(application = StillApp.class)
public class LooksTest {
    private static final int TOUCH = 48;
    /** Of the longest line before it. */
    private static final float SCRAP = 0.3f;

    private final List<String> faults = new ArrayList<>();

    @Test
    @Config(sdk = 35)
    public void smallEnglish() {
        look(display -> display.width() == 360 && display.language().equals("en"));
    }

    @Test
    @Config(sdk = 35)
    public void smallSwahili() {
        look(display -> display.width() == 360 && display.language().equals("sw"));
    }

    @Test
    @Config(sdk = 35)
    public void largerEnglish() {
        look(display -> display.width() == 411 && display.language().equals("en"));
    }

    @Test
    @Config(sdk = 35)
    public void largerSwahili() {
        look(display -> display.width() == 411 && display.language().equals("sw"));
    }

    /** Android 8 makes every font twice as large, later ones the large fonts less. */
    @Test
    @Config(sdk = 26)
    public void smallLargeFontOfAndroid8() {
        look(display -> display.width() == 360 && display.fontScale() == 2);
    }

    @Test
    @Config(sdk = 35)
    public void theWordsOfACardBeginBelowThoseOfTheCardBefore() {
        Activity activity = Scene.status(Snapshots.busy(Problem.BATTERY_OPTIMISED)).get();
        int column = left(activity.findViewById(R.id.state));
        for (int card : new int[] {R.id.problems, R.id.today}) {
            assertEquals(column, left(activity.findViewById(card).findViewById(R.id.name)));
        }
        assertEquals(column, left(activity.findViewById(R.id.latest).findViewById(R.id.message_state)));
    }

    private static int left(View view) {
        int[] place = new int[2];
        view.getLocationInWindow(place);
        return place[0];
    }

    private void look(Predicate<Display> wanted) {
        Display.all().stream().filter(wanted).forEach(this::look);
        assertEquals(List.of(), faults);
    }

    private void look(Display display) {
        display.apply();
        for (Scene scene : Scene.all()) {
            ActivityController<? extends Activity> controller = scene.play().get();
            Picture.showBars(controller.get());
            View root = Picture.dialog() == null
                    ? controller.get().getWindow().getDecorView() : Picture.dialog().getWindow().getDecorView();
            Walk.over(root).forEach(view -> judge(display + " " + scene.name(), view));
            controller.pause().stop().destroy();
        }
    }

    private void judge(String scene, View view) {
        String where = scene + ": " + name(view) + " ";
        float density = view.getResources().getDisplayMetrics().density;
        if (view.isClickable()) {
            expect(label(view).length() > 0, where + "acts without a label");
            expect(Math.min(view.getHeight(), view.getWidth()) >= TOUCH * density, where + "is too small to touch");
        }
        if (view.getParent() instanceof ViewGroup around) {
            boolean isWithin = view.getLeft() >= 0 && view.getRight() <= around.getWidth() && view.getTop() >= 0
                    && (around instanceof ScrollView || view.getBottom() <= around.getHeight());
            expect(isWithin, where + "is cut off by what is around it");
        }
        if (view instanceof EditText field && field.getHint() != null) {
            float room = field.getWidth() - field.getCompoundPaddingLeft() - field.getCompoundPaddingRight();
            expect(field.getPaint().measureText(field.getHint().toString()) <= room, where + "has a hint that is cut off");
        }
        if (view instanceof TextView text && text.getText().length() > 0) {
            judgeText(where + "'" + text.getText() + "' ", text);
        }
        if (view instanceof Page) {
            expect(!view.isScrollbarFadingEnabled(), where + "hides that there is more below");
        }
        if (view instanceof ImageView icon && icon.getImageTintList() != null && icon.isShown()) {
            judgeIcon(where, icon);
        }
    }

    private void judgeText(String where, TextView text) {
        Layout layout = text.getLayout();
        int room = text.getHeight() - text.getCompoundPaddingTop() - text.getCompoundPaddingBottom();
        expect(layout.getHeight() <= room, where + "is cut off below");
        expect(!hangs(layout) || text instanceof EditText, where + "leaves a word alone below the others");
        for (int line = 0; line < layout.getLineCount(); line++) {
            expect(layout.getEllipsisCount(line) == 0, where + "is ellipsized");
            expect(!isInWord(text.getText(), layout.getLineEnd(line)) || text instanceof EditText, where + "is broken in a word");
        }
        if (text.isEnabled()) {
            double contrast = Walk.contrast(text.getCurrentTextColor(), Walk.ground(text, true));
            expect(contrast >= 4.5, where + "has contrast " + contrast);
        }
    }

    /** Whether the last line of a paragraph is a scrap of the others. */
    private static boolean hangs(Layout layout) {
        float widest = 0;
        for (int line = 0; line < layout.getLineCount(); line++) {
            float width = layout.getLineWidth(line);
            boolean isLast = layout.getLineEnd(line) == layout.getText().length()
                    || layout.getText().charAt(layout.getLineEnd(line) - 1) == '\n';
            if (isLast && width < widest * SCRAP) {
                return true;
            }
            widest = isLast ? 0 : Math.max(widest, width);
        }
        return false;
    }

    /** Addresses and ids may break anywhere: they have no words. */
    private static boolean isInWord(CharSequence text, int end) {
        boolean isInside = end > 0 && end < text.length()
                && Character.isLetterOrDigit(text.charAt(end - 1)) && Character.isLetterOrDigit(text.charAt(end));
        return isInside && !text.toString().matches("(?s)(.*[.:]\\S.*|dvc_.*)");
    }

    private void judgeIcon(String where, ImageView icon) {
        ColorStateList tint = icon.getImageTintList();
        double contrast = Walk.contrast(tint.getDefaultColor(), Walk.ground(icon, false));
        expect(contrast >= 3, where + "has contrast " + contrast);
    }

    /** What TalkBack says of a view that acts: its own words, a label's, or those inside it. */
    private static String label(View view) {
        if (view.getContentDescription() != null) {
            return view.getContentDescription().toString();
        }
        StringBuilder words = new StringBuilder();
        for (View inner : Walk.over(view)) {
            words.append(inner instanceof TextView text ? text.getText() : "");
        }
        for (View other : Walk.over(view.getRootView())) {
            boolean isLabel = other instanceof TextView && other.getLabelFor() == view.getId() && view.getId() != View.NO_ID;
            words.append(isLabel ? ((TextView) other).getText() : "");
        }
        return words.toString().trim();
    }

    private static String name(View view) {
        return view.getId() == View.NO_ID || view.getId() >>> 24 == 0
                ? view.getClass().getSimpleName() : view.getResources().getResourceEntryName(view.getId());
    }

    private void expect(boolean isSo, String fault) {
        if (!isSo) {
            faults.add(fault);
        }
    }
}
