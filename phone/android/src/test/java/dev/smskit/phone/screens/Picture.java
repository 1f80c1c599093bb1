package dev.smskit.phone.screens;

import android.app.Activity;
import android.app.Dialog;
import android.graphics.Bitmap;
import android.graphics.Canvas;
import android.graphics.Color;
import android.graphics.Insets;
import android.os.Build;
import android.view.View;
import android.view.WindowInsets;
import android.widget.ScrollView;
import dev.smskit.phone.R;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import org.robolectric.shadows.ShadowDialog;

/** What a person sees of an activity and the dialog over it. */
final class Picture {
    private static final int STATUS_BAR = 24;
    private static final int NAVIGATION_BAR = 24;

    private Picture() {
    }

    /** The dialog over the activity; null for none. */
    static Dialog dialog() {
        Dialog dialog = ShadowDialog.getLatestDialog();
        return dialog != null && dialog.isShowing() ? dialog : null;
    }

    /** Android 15 tells an app where the system's bars are. */
    static void showBars(Activity activity) {
        if (Build.VERSION.SDK_INT >= 35) {
            float density = activity.getResources().getDisplayMetrics().density;
            activity.getWindow().getDecorView().dispatchApplyWindowInsets(new WindowInsets.Builder()
                    .setInsets(WindowInsets.Type.statusBars(), Insets.of(0, (int) (STATUS_BAR * density), 0, 0))
                    .setInsets(WindowInsets.Type.navigationBars(), Insets.of(0, 0, 0, (int) (NAVIGATION_BAR * density)))
                    .build());
            lay(activity);
        }
    }

    private static void lay(Activity activity) {
        View decor = activity.getWindow().getDecorView();
        decor.measure(
                View.MeasureSpec.makeMeasureSpec(decor.getWidth(), View.MeasureSpec.EXACTLY),
                View.MeasureSpec.makeMeasureSpec(decor.getHeight(), View.MeasureSpec.EXACTLY));
        decor.layout(0, 0, decor.getWidth(), decor.getHeight());
    }

    /** Draws the activity, and once more what is below its fold. */
    static void save(Activity activity, File folder, String name) throws IOException {
        write(draw(activity), new File(folder, name + ".png"));
        ScrollView scroll = activity.findViewById(R.id.scroll);
        int below = scroll.getChildAt(0).getHeight() + scroll.getPaddingBottom() - scroll.getHeight();
        for (int page = 1; dialog() == null && (page - 1) * scroll.getHeight() < below; page++) {
            scroll.scrollTo(0, Math.min(below, page * scroll.getHeight()));
            write(draw(activity), new File(folder, name + "+" + page + ".png"));
        }
    }

    private static Bitmap draw(Activity activity) {
        View decor = activity.getWindow().getDecorView();
        Bitmap bitmap = Bitmap.createBitmap(decor.getWidth(), decor.getHeight(), Bitmap.Config.ARGB_8888);
        Canvas canvas = new Canvas(bitmap);
        decor.draw(canvas);
        if (dialog() != null) {
            View over = dialog().getWindow().getDecorView();
            canvas.drawColor(Color.argb(0x99, 0, 0, 0));
            canvas.translate((decor.getWidth() - over.getWidth()) / 2f, (decor.getHeight() - over.getHeight()) / 2f);
            over.draw(canvas);
        }
        return bitmap;
    }

    private static void write(Bitmap bitmap, File file) throws IOException {
        try (FileOutputStream out = new FileOutputStream(file)) {
            bitmap.compress(Bitmap.CompressFormat.PNG, 100, out);
        }
    }
}
