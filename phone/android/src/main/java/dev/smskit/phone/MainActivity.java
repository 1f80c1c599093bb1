package dev.smskit.phone;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.Intent;
import android.os.Build;
import android.os.Bundle;
import dev.smskit.phone.pairing.PairingLink;
import dev.smskit.phone.status.Actions;

/** What the launcher and a pairing link open. */
public class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setTitle(R.string.app_name);
        if (saved == null) {
            askToPair(getIntent());
        }
    }

    @Override
    protected void onNewIntent(Intent intent) {
        super.onNewIntent(intent);
        askToPair(intent);
    }

    /** Any page may hold such a link: the person decides, and sees with whom. */
    private void askToPair(Intent intent) {
        if (!Intent.ACTION_VIEW.equals(intent.getAction())) {
            return;
        }
        PairingLink link = PairingLink.parse(intent.getDataString(), App.of(this).addresses());
        AlertDialog.Builder dialog = new AlertDialog.Builder(this);
        if (link == null) {
            dialog.setMessage(R.string.link_unusable).setPositiveButton(android.R.string.ok, null).show();
            return;
        }
        dialog.setTitle(R.string.pair_title)
                .setMessage(getString(R.string.pair_question, link.server()))
                .setNegativeButton(android.R.string.cancel, null)
                .setPositiveButton(R.string.pair, (shown, which) -> pair(link))
                .show();
    }

    private void pair(PairingLink link) {
        new Actions(App.of(this)).pair(link, Build.MODEL, false, result -> { });
    }
}
