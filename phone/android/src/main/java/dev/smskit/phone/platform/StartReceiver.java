package dev.smskit.phone.platform;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import dev.smskit.phone.App;
import java.util.Set;

/** The device has started, or the app was updated: a paired phone goes on. */
public class StartReceiver extends BroadcastReceiver {
    private static final Set<String> ACTIONS = Set.of(Intent.ACTION_BOOT_COMPLETED, Intent.ACTION_MY_PACKAGE_REPLACED);

    @Override
    public void onReceive(Context context, Intent intent) {
        if (intent.getAction() != null && ACTIONS.contains(intent.getAction())) {
            App.of(context).keepServing();
        }
    }
}
