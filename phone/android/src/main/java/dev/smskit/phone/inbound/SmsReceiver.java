package dev.smskit.phone.inbound;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.provider.Telephony;
import android.telephony.SmsMessage;
import dev.smskit.phone.App;
import dev.smskit.phone.Phone;

/** Android says that an SMS came in: it is in the journal when {@code onReceive} returns. */
public class SmsReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        Phone phone = App.of(context).phone();
        if (phone == null || !Telephony.Sms.Intents.SMS_RECEIVED_ACTION.equals(intent.getAction())) {
            return;
        }
        SmsMessage[] parts = Telephony.Sms.Intents.getMessagesFromIntent(intent);
        StringBuilder content = new StringBuilder();
        String sender = null;
        for (SmsMessage part : parts == null ? new SmsMessage[0] : parts) {
            if (part != null) {
                sender = sender == null ? part.getDisplayOriginatingAddress() : sender;
                String text = part.getDisplayMessageBody();
                content.append(text == null ? "" : text);
            }
        }
        // A message without a sender can't be answered, yet it came in.
        boolean isMessage = parts != null && parts.length > 0 && parts[0] != null;
        if (isMessage) {
            phone.received(sender == null ? "" : sender, App.of(context).sims().slotOf(intent), content.toString());
        }
        App.of(context).keepServing();
    }
}
