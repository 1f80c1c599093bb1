package dev.smskit.phone.platform;

import android.content.Context;
import android.content.Intent;
import android.telephony.SubscriptionInfo;
import android.telephony.SubscriptionManager;
import android.telephony.TelephonyManager;
import dev.smskit.phone.connection.Device;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The SIMs that are in the phone now, by their slots. Each question asks Android anew: SIMs come and go. */
public final class Sims {
    private static final int HIGHEST_SLOT = 7;
    private static final String[] SUBSCRIPTION_EXTRAS = {
        "android.telephony.extra.SUBSCRIPTION_INDEX", "subscription"
    };
    private static final String[] SLOT_EXTRAS = {"android.telephony.extra.SLOT_INDEX", "slot", "phone"};

    private final Context context;
    private final Permissions permissions;

    public Sims(Context context, Permissions permissions) {
        this.context = context;
        this.permissions = permissions;
    }

    /** By their slots; none while the app may not see them. */
    public List<Device.Sim> present() {
        List<Device.Sim> sims = new ArrayList<>();
        for (SubscriptionInfo info : active()) {
            CharSequence carrier = info.getCarrierName();
            String name = carrier == null ? null : carrier.toString();
            sims.add(new Device.Sim(
                    info.getSimSlotIndex(), info.getSubscriptionId(),
                    name == null ? null : name.substring(0, Math.min(64, name.length()))));
        }
        sims.sort(Comparator.comparingInt(Device.Sim::simSlot));
        return sims;
    }

    /** Android's number for the SIM in the slot, which goes with it to another and is no other SIM's; -1 where there is none. */
    public int subscriptionOf(int simSlot) {
        for (SubscriptionInfo info : active()) {
            if (info.getSimSlotIndex() == simSlot) {
                return info.getSubscriptionId();
            }
        }
        return -1;
    }

    /** Whether the SIM is unlocked and answers. */
    public boolean isReady(int simSlot) {
        return context.getSystemService(TelephonyManager.class).getSimState(simSlot) == TelephonyManager.SIM_STATE_READY;
    }

    /** At which SIM an SMS came in; the first where Android doesn't say. */
    public int slotOf(Intent intent) {
        for (String extra : SUBSCRIPTION_EXTRAS) {
            int subscription = intent.getIntExtra(extra, -1);
            for (SubscriptionInfo info : active()) {
                if (subscription >= 0 && info.getSubscriptionId() == subscription) {
                    return info.getSimSlotIndex();
                }
            }
        }
        for (String extra : SLOT_EXTRAS) {
            int slot = intent.getIntExtra(extra, -1);
            if (slot >= 0 && slot <= HIGHEST_SLOT) {
                return slot;
            }
        }
        return 0;
    }

    private List<SubscriptionInfo> active() {
        List<SubscriptionInfo> usable = new ArrayList<>();
        if (!permissions.canSeeSims()) {
            return usable;
        }
        List<SubscriptionInfo> active =
                context.getSystemService(SubscriptionManager.class).getActiveSubscriptionInfoList();
        for (SubscriptionInfo info : active == null ? List.<SubscriptionInfo>of() : active) {
            if (info.getSimSlotIndex() >= 0 && info.getSimSlotIndex() <= HIGHEST_SLOT) {
                usable.add(info);
            }
        }
        return usable;
    }
}
