package dev.smskit.phone.screens;

import android.content.Context;
import android.util.AttributeSet;
import android.widget.ScrollView;

/** What scrolls under a screen's title: it fades there, and passes whole under the system's bar at the bottom. */
public final class Page extends ScrollView {
    public Page(Context context, AttributeSet attributes) {
        super(context, attributes);
    }

    @Override
    protected float getBottomFadingEdgeStrength() {
        return 0;
    }
}
