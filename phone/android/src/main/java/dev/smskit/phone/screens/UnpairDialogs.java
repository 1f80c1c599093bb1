package dev.smskit.phone.screens;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.DialogInterface;
import android.content.res.Resources;
import android.text.SpannableStringBuilder;
import android.text.Spanned;
import android.text.style.BulletSpan;
import dev.smskit.phone.R;
import dev.smskit.phone.journal.Owed;
import java.util.ArrayList;
import java.util.List;

/** The dialog of each stage of unpairing; there is one at a time. */
final class UnpairDialogs {
    private final Activity activity;
    private final Unpairing unpairing;
    private AlertDialog shown;

    UnpairDialogs(Activity activity, Unpairing unpairing) {
        this.activity = activity;
        this.unpairing = unpairing;
    }

    void show() {
        dismiss();
        shown = switch (unpairing.stage()) {
            case NONE -> null;
            case ASKING -> warn(question().show());
            case BUSY -> new AlertDialog.Builder(activity).setView(R.layout.busy).setCancelable(false).show();
            case LEFT -> warn(leftovers(unpairing.left()).show());
        };
    }

    void dismiss() {
        if (shown != null) {
            shown.dismiss();
        }
        shown = null;
    }

    private AlertDialog.Builder question() {
        return new AlertDialog.Builder(activity)
                .setTitle(R.string.unpair_title)
                .setMessage(bullets(activity.getString(R.string.unpair_means)))
                .setOnCancelListener(dialog -> unpairing.cancel())
                .setNegativeButton(R.string.cancel, (dialog, which) -> unpairing.cancel())
                .setPositiveButton(R.string.unpair_do, (dialog, which) -> unpairing.unpair(false));
    }

    private AlertDialog.Builder leftovers(Owed left) {
        return new AlertDialog.Builder(activity)
                .setTitle(R.string.unpair_left_title)
                .setMessage(message(left))
                .setOnCancelListener(dialog -> unpairing.cancel())
                .setNegativeButton(R.string.unpair_keep, (dialog, which) -> unpairing.cancel())
                .setPositiveButton(R.string.unpair_anyway, (dialog, which) -> unpairing.unpair(true));
    }

    /** The button that can't be undone looks like it. */
    private AlertDialog warn(AlertDialog dialog) {
        dialog.getButton(DialogInterface.BUTTON_POSITIVE).setTextColor(activity.getColor(R.color.bad_text));
        return dialog;
    }

    private CharSequence message(Owed left) {
        return new SpannableStringBuilder(activity.getString(R.string.unpair_left))
                .append("\n\n").append(bullets(list(left)))
                .append("\n\n").append(activity.getString(R.string.unpair_left_lost));
    }

    private CharSequence bullets(String lines) {
        int gap = activity.getResources().getDimensionPixelSize(R.dimen.bullet_gap);
        SpannableStringBuilder list = new SpannableStringBuilder();
        for (String line : lines.split("\n")) {
            list.append(list.length() == 0 ? "" : "\n").append(line, new BulletSpan(gap), Spanned.SPAN_INCLUSIVE_EXCLUSIVE);
        }
        return list;
    }

    /** A claim that isn't given back is one that the server waits for. */
    private String list(Owed left) {
        Resources resources = activity.getResources();
        int messages = (int) (left.reports() + left.claims());
        int received = (int) left.received();
        List<String> lines = new ArrayList<>();
        if (messages > 0) {
            lines.add(resources.getQuantityString(R.plurals.left_reports, messages, messages));
        }
        if (received > 0) {
            lines.add(resources.getQuantityString(R.plurals.left_received, received, received));
        }
        return String.join("\n", lines);
    }
}
