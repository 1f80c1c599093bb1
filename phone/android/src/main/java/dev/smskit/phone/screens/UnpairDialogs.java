package dev.smskit.phone.screens;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.DialogInterface;
import android.content.res.Resources;
import android.widget.TextView;
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
                .setMessage(bullets(List.of(activity.getString(R.string.unpair_means).split("\n"))))
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

    /** The button that can't be undone looks like it; what goes on in another line does so behind its bullet. */
    private AlertDialog warn(AlertDialog dialog) {
        dialog.getButton(DialogInterface.BUTTON_POSITIVE).setTextColor(activity.getColor(R.color.bad_text));
        TextView message = dialog.findViewById(android.R.id.message);
        Steps.show(message, message.getText().toString());
        return dialog;
    }

    private String message(Owed left) {
        return String.join(
                "\n\n", activity.getString(R.string.unpair_left), bullets(list(left)), activity.getString(R.string.unpair_left_lost));
    }

    private static String bullets(List<String> lines) {
        return "• " + String.join("\n• ", lines);
    }

    /** A claim that isn't given back is one that the server waits for. */
    private List<String> list(Owed left) {
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
        return lines;
    }
}
