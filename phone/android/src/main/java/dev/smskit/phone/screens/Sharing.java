package dev.smskit.phone.screens;

import android.app.Activity;
import android.content.ClipData;
import android.content.Intent;
import android.net.Uri;
import dev.smskit.phone.R;

/** Hands the log to an app that the person chooses. */
final class Sharing {
    private Sharing() {
    }

    /** As a file: the text of an intent has to stay far below a megabyte. */
    static void share(Activity activity) {
        Uri log = Uri.parse("content://" + activity.getPackageName() + ".log/" + LogProvider.FILE);
        Intent send = new Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_STREAM, log)
                .putExtra(Intent.EXTRA_SUBJECT, activity.getString(R.string.share_log_title))
                .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION);
        send.setClipData(ClipData.newRawUri(null, log)); // the chooser passes the right to read on by it
        activity.startActivity(Intent.createChooser(send, activity.getString(R.string.share_log)));
    }
}
