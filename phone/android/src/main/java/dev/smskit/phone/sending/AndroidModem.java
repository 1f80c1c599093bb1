package dev.smskit.phone.sending;

import android.content.Context;
import android.os.Build;
import android.telephony.SmsManager;
import dev.smskit.phone.jobs.Key;
import dev.smskit.phone.platform.ChecksApiLevel;
import dev.smskit.phone.platform.Sims;
import java.util.ArrayList;
import java.util.List;

/** The SIMs of this phone, by way of Android's SmsManager. */
public final class AndroidModem implements Modem {
    private final Context context;
    private final Sims sims;
    private final String journalId;

    public AndroidModem(Context context, Sims sims, String journalId) {
        this.context = context;
        this.sims = sims;
        this.journalId = journalId;
    }

    @Override
    public List<String> divide(int simSlot, String text) throws RefusedException {
        List<String> parts = manager(simSlot).divideMessage(text);
        if (parts == null || parts.isEmpty()) {
            throw new RefusedException("null_pdu", "there is nothing to send");
        }
        return parts;
    }

    @Override
    public void send(Key key, int simSlot, String recipient, List<String> parts) throws RefusedException {
        SmsManager manager = manager(simSlot);
        try {
            manager.sendMultipartTextMessage(
                    recipient, null, new ArrayList<>(parts),
                    PartIntents.of(context, PartIntents.SENT, journalId, key, parts.size()),
                    PartIntents.of(context, PartIntents.DELIVERED, journalId, key, parts.size()));
        } catch (SecurityException denied) {
            throw new RefusedException("permission_denied", "the app may not send SMS");
        } catch (IllegalArgumentException invalid) { // said before anything is sent
            throw new RefusedException("invalid_number", "Android can't send to this recipient");
        }
    }

    /** Always names the SIM: the default manager asks the user, or fails, where there are two and no default. */
    @ChecksApiLevel
    private SmsManager manager(int simSlot) throws RefusedException {
        int subscription = sims.subscriptionOf(simSlot);
        if (subscription < 0) {
            throw new RefusedException("sim_absent", "there is no SIM in slot " + simSlot);
        }
        return Build.VERSION.SDK_INT >= 31
                ? context.getSystemService(SmsManager.class).createForSubscriptionId(subscription)
                : SmsManager.getSmsManagerForSubscriptionId(subscription);
    }
}
