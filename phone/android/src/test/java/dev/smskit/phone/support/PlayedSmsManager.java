package dev.smskit.phone.support;

import android.app.PendingIntent;
import android.telephony.SmsManager;
import java.util.ArrayList;
import org.robolectric.annotation.Implementation;
import org.robolectric.annotation.Implements;
import org.robolectric.annotation.RealObject;
import org.robolectric.annotation.Resetter;
import org.robolectric.shadows.ShadowSmsManager;

/** SmsManager's shadow, with a radio under it that the test plays. */
@Implements(SmsManager.class)
public class PlayedSmsManager extends ShadowSmsManager {
    private static volatile PlayedRadio radio;

    @RealObject private SmsManager manager;

    static void play(PlayedRadio played) {
        radio = played;
    }

    @Resetter
    public static void reset() {
        radio = null;
        ShadowSmsManager.reset();
    }

    @Implementation
    @Override
    protected void sendMultipartTextMessage(
            String to, String center, ArrayList<String> parts, ArrayList<PendingIntent> sent,
            ArrayList<PendingIntent> delivered) {
        super.sendMultipartTextMessage(to, center, parts, sent, delivered);
        radio.send(manager.getSubscriptionId(), getLastSentMultipartTextMessageParams());
    }
}
