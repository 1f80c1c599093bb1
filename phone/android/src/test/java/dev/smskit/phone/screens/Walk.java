package dev.smskit.phone.screens;

import android.graphics.Color;
import android.graphics.drawable.ColorDrawable;
import android.graphics.drawable.Drawable;
import android.graphics.drawable.DrawableContainer;
import android.graphics.drawable.GradientDrawable;
import android.graphics.drawable.InsetDrawable;
import android.graphics.drawable.RippleDrawable;
import android.view.View;
import android.view.ViewGroup;
import java.util.ArrayList;
import java.util.List;

/** Views as a person meets them, and the ground that each stands on. */
final class Walk {
    private Walk() {
    }

    /** All views that can be seen. */
    static List<View> over(View view) {
        List<View> views = new ArrayList<>();
        if (view.getVisibility() == View.VISIBLE) {
            views.add(view);
            for (int i = 0; view instanceof ViewGroup group && i < group.getChildCount(); i++) {
                views.addAll(over(group.getChildAt(i)));
            }
        }
        return views;
    }

    /** The colour behind the view's text, or behind the view itself. */
    static int ground(View view, boolean isOwn) {
        View at = isOwn ? view : (View) view.getParent();
        while (at != null) {
            Integer colour = colour(at.getBackground());
            if (colour != null) {
                return colour;
            }
            at = at.getParent() instanceof View parent ? parent : null;
        }
        throw new AssertionError("nothing behind " + view);
    }

    private static Integer colour(Drawable drawable) {
        if (drawable instanceof ColorDrawable plain) {
            return Color.alpha(plain.getColor()) == 255 ? plain.getColor() : null;
        } else if (drawable instanceof GradientDrawable shape) {
            return shape.getColor() == null ? null : shape.getColor().getDefaultColor();
        } else if (drawable instanceof RippleDrawable ripple) {
            boolean isMask = ripple.getNumberOfLayers() == 0 || ripple.getId(0) == android.R.id.mask;
            return isMask ? null : colour(ripple.getDrawable(0));
        } else if (drawable instanceof InsetDrawable inset) {
            return colour(inset.getDrawable());
        }
        return drawable instanceof DrawableContainer states ? colour(states.getCurrent()) : null;
    }

    /** WCAG's contrast of two colours, 1 to 21. */
    static double contrast(int one, int other) {
        double lighter = Math.max(Color.luminance(one), Color.luminance(other));
        double darker = Math.min(Color.luminance(one), Color.luminance(other));
        return (lighter + 0.05) / (darker + 0.05);
    }
}
