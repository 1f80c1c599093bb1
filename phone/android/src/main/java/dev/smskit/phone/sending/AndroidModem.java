package dev.smskit.phone.sending;

import android.content.Context;
import android.os.Build;
import android.telephony.SmsManager;
import dev.smskit.phone.jobs.Job;
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
    public List<String> divide(Job job) throws RefusedException {
        List<String> parts = manager(job).divideMessage(job.message());
        if (parts == null || parts.isEmpty()) {
            throw new RefusedException("null_pdu", "there is nothing to send");
        }
        return parts;
    }

    @Override
    public void send(Job job, List<String> parts) throws RefusedException {
        SmsManager manager = manager(job);
        try {
            manager.sendMultipartTextMessage(
                    job.recipient(), null, new ArrayList<>(parts),
                    PartIntents.of(context, PartIntents.SENT, journalId, job.key(), parts.size()),
                    PartIntents.of(context, PartIntents.DELIVERED, journalId, job.key(), parts.size()));
        } catch (SecurityException denied) {
            throw new RefusedException("permission_denied", "the app may not send SMS");
        } catch (IllegalArgumentException invalid) { // said before anything is sent
            throw new RefusedException("invalid_number", "Android can't send to this recipient");
        }
    }

    /** Always names the SIM: the default manager asks the user, or fails, where there are two and no default. */
    @ChecksApiLevel
    private SmsManager manager(Job job) throws RefusedException {
        int subscription = sims.subscriptionOf(job.simSlot());
        if (subscription < 0) {
            throw new RefusedException("sim_absent", "there is no SIM in slot " + job.simSlot());
        } else if (subscription != job.sim()) {
            throw new RefusedException("sim_absent", "another SIM is in slot " + job.simSlot() + " than when it was claimed");
        }
        return Build.VERSION.SDK_INT >= 31
                ? context.getSystemService(SmsManager.class).createForSubscriptionId(subscription)
                : SmsManager.getSmsManagerForSubscriptionId(subscription);
    }
}
