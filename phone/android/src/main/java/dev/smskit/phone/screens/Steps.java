package dev.smskit.phone.screens;

import android.text.SpannableString;
import android.text.Spanned;
import android.text.style.LeadingMarginSpan;
import android.widget.TextView;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words with numbered lines, or bullets: what doesn't fit into one of these goes on behind its number, not below it. */
final class Steps {
    private static final Pattern STEP = Pattern.compile("(?m)^(\\d\\. |• ).*\\n?");

    private Steps() {
    }

    static void show(TextView view, String words) {
        SpannableString text = new SpannableString(words);
        Matcher step = STEP.matcher(words);
        while (step.find()) {
            int indent = Math.round(view.getPaint().measureText(step.group(1)));
            text.setSpan(new LeadingMarginSpan.Standard(0, indent), step.start(), step.end(), Spanned.SPAN_PARAGRAPH);
        }
        view.setText(text);
    }
}
