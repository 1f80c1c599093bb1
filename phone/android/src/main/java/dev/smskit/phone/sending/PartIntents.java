package dev.smskit.phone.sending;

import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.net.Uri;
import android.os.Build;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.platform.ChecksApiLevel;
import java.util.ArrayList;
import java.util.List;

/** Names each part of each hand-over to Android, and knows it again when Android answers, in whatever process. */
final class PartIntents {
    static final String SENT = "dev.smskit.phone.SENT";
    static final String DELIVERED = "dev.smskit.phone.DELIVERED";

    /** Of which part an intent tells. */
    record Part(String journalId, Key key, int number) {
    }

    private PartIntents() {
    }

    /** One for each part, since the platform joins those that look the same. */
    static ArrayList<PendingIntent> of(Context context, String action, String journalId, Key key, int parts) {
        ArrayList<PendingIntent> intents = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            Uri name = new Uri.Builder().scheme("smskit").authority("part").appendPath(journalId)
                    .appendPath(key.jobId()).appendPath(key.token()).appendPath(Integer.toString(part)).build();
            Intent intent = new Intent(action, name, context, PartReceiver.class);
            intents.add(PendingIntent.getBroadcast(context, name.hashCode(), intent, flags()));
        }
        return intents;
    }

    /** The platform fills in errorCode, pdu and format. */
    @ChecksApiLevel
    private static int flags() {
        int mutable = Build.VERSION.SDK_INT >= 31 ? PendingIntent.FLAG_MUTABLE : 0;
        return PendingIntent.FLAG_UPDATE_CURRENT | mutable;
    }

    /** Null for an intent that isn't one of these. */
    static Part partOf(Intent intent) {
        List<String> path = intent.getData() == null ? List.of() : intent.getData().getPathSegments();
        if (path.size() != 4 || !path.get(3).matches("[0-9]{1,3}")) {
            return null;
        }
        return new Part(path.get(0), new Key(path.get(1), path.get(2)), Integer.parseInt(path.get(3)));
    }
}
