package dev.smskit.phone.screens;

import android.app.Activity;
import android.view.View;
import android.widget.ScrollView;
import android.widget.TextView;
import dev.smskit.phone.R;

/** The note at the top of a page that says what went wrong; TalkBack reads it when it comes. */
final class Notes {
    private Notes() {
    }

    /** Shows those words, or no note for 0. */
    static void show(Activity activity, int words) {
        View note = activity.findViewById(R.id.note);
        note.setVisibility(words == 0 ? View.GONE : View.VISIBLE);
        if (words != 0) {
            ((TextView) activity.findViewById(R.id.note_text)).setText(words);
            ((ScrollView) activity.findViewById(R.id.scroll)).scrollTo(0, 0);
        }
    }
}
