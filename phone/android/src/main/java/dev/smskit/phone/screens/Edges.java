package dev.smskit.phone.screens;

import android.graphics.Insets;
import android.os.Build;
import android.view.View;
import android.view.WindowInsets;
import dev.smskit.phone.platform.ChecksApiLevel;

/** Android 15 draws an app from edge to edge of the display. */
final class Edges {
    private Edges() {
    }

    /**
     * Nothing of the root lies under the system's bars, a camera's hole or the keyboard; only what scrolls passes under the
     * bar at the bottom, and ends above it.
     */
    static void keepClear(View root, View scroll) {
        root.setOnApplyWindowInsetsListener((padded, insets) -> {
            pad(root, scroll, insets);
            return insets;
        });
        root.requestApplyInsets();
    }

    @ChecksApiLevel
    @SuppressWarnings("deprecation") // what Android 8 to 10 have
    private static void pad(View root, View scroll, WindowInsets insets) {
        if (Build.VERSION.SDK_INT < 30) {
            root.setPadding(
                    insets.getSystemWindowInsetLeft(), insets.getSystemWindowInsetTop(),
                    insets.getSystemWindowInsetRight(), insets.getSystemWindowInsetBottom());
            return;
        }
        Insets clear = insets.getInsets(WindowInsets.Type.systemBars() | WindowInsets.Type.displayCutout());
        int keyboard = insets.getInsets(WindowInsets.Type.ime()).bottom;
        root.setPadding(clear.left, clear.top, clear.right, keyboard);
        scroll.setPadding(0, 0, 0, keyboard > 0 ? 0 : clear.bottom);
    }
}
