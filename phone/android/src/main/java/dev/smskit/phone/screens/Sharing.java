package dev.smskit.phone.screens;

import android.app.Activity;
import android.content.ClipData;
import android.content.Intent;
import android.net.Uri;
import dev.smskit.phone.R;
import dev.smskit.phone.status.StatusSnapshot;
import java.util.stream.Collectors;

/** Hands something to an app that the person chooses. */
final class Sharing {
    private Sharing() {
    }

    /** The log as a file: the text of an intent has to stay far below a megabyte. */
    static void shareLog(Activity activity) {
        Uri log = Uri.parse("content://" + activity.getPackageName() + ".log/" + LogProvider.FILE);
        Intent send = new Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_STREAM, log)
                .putExtra(Intent.EXTRA_SUBJECT, activity.getString(R.string.share_log_title))
                .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION);
        send.setClipData(ClipData.newRawUri(null, log)); // the chooser passes the right to read on by it
        choose(activity, send, R.string.share_log);
    }

    /** A request to whoever has the dashboard, since only they can switch SIMs on: which ones, and of which phone. */
    static void askForSims(Activity activity, StatusSnapshot status) {
        String sims = status.sims().stream().filter(sim -> sim.isOn() && !sim.isEnabledByServer())
                .map(sim -> SimRow.name(activity.getResources(), sim)).collect(Collectors.joining("; "));
        Intent send = new Intent(Intent.ACTION_SEND).setType("text/plain")
                .putExtra(Intent.EXTRA_TEXT, activity.getString(R.string.ask_for_sims, sims, status.deviceId()));
        choose(activity, send, R.string.mend_ask);
    }

    private static void choose(Activity activity, Intent send, int title) {
        activity.startActivity(Intent.createChooser(send, activity.getString(title)));
    }
}
