package dev.smskit.phone;

import android.content.Intent;
import android.os.Bundle;
import dev.smskit.phone.screens.MainScreen;

/** What the launcher and a pairing link open. */
public final class MainActivity extends MainScreen {
    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        if (saved == null) {
            acceptLink(getIntent());
        }
    }

    @Override
    protected void onNewIntent(Intent intent) {
        super.onNewIntent(intent);
        acceptLink(intent);
    }

    private void acceptLink(Intent intent) {
        if (Intent.ACTION_VIEW.equals(intent.getAction())) {
            acceptLink(intent.getDataString());
        }
    }
}
