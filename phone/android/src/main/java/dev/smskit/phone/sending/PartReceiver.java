package dev.smskit.phone.sending;

import android.app.Activity;
import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.telephony.SmsMessage;
import dev.smskit.phone.App;
import dev.smskit.phone.Phone;

/** Android tells what became of a part: it is in the journal when {@code onReceive} returns. */
public class PartReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        Phone phone = App.of(context).phone();
        PartIntents.Part part = PartIntents.partOf(intent);
        // What an earlier installation or pairing sent is none of this journal's.
        if (phone == null || part == null || !part.journalId().equals(phone.journalId())) {
            return;
        }
        if (PartIntents.SENT.equals(intent.getAction())) {
            sent(phone, part, getResultCode(), intent.getIntExtra("errorCode", 0));
        } else if (PartIntents.DELIVERED.equals(intent.getAction())) {
            delivered(phone, part, intent);
        }
    }

    private static void sent(Phone phone, PartIntents.Part part, int result, int cause) {
        phone.radio().partSent(
                part.key(), part.number(), result == Activity.RESULT_OK ? null : ResultCodes.of(result, cause));
    }

    /** The result code of a status report proves nothing: its TP-Status does. */
    private static void delivered(Phone phone, PartIntents.Part part, Intent intent) {
        byte[] pdu = intent.getByteArrayExtra("pdu");
        String format = intent.getStringExtra("format");
        SmsMessage report = pdu == null ? null : SmsMessage.createFromPdu(pdu, format == null ? "3gpp" : format);
        DeliveryStatus status = report == null ? DeliveryStatus.PENDING : DeliveryStatus.of(report.getStatus(), format);
        if (status != DeliveryStatus.PENDING) {
            phone.radio().partDelivered(part.key(), part.number(), status == DeliveryStatus.DELIVERED);
        }
    }
}
