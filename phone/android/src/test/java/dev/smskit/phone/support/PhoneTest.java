package dev.smskit.phone.support;

import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.Manifest;
import android.app.Activity;
import android.app.PendingIntent;
import android.content.Intent;
import android.os.Looper;
import android.provider.Telephony;
import android.telephony.SmsManager;
import android.telephony.SubscriptionManager;
import android.telephony.TelephonyManager;
import dev.smskit.phone.pairing.Credentials;
import dev.smskit.phone.platform.PhoneService;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.Robolectric;
import org.robolectric.android.controller.ServiceController;
import org.robolectric.shadows.ShadowSmsManager;
import org.robolectric.shadows.ShadowSubscriptionManager.SubscriptionInfoBuilder;

/** A paired phone with two SIMs and all permissions, and a server on a real socket. */
public abstract class PhoneTest {
    public static final int FIRST = 7;
    public static final int SECOND = 9;

    protected TestApp app;
    protected ServerDouble server;
    private ServiceController<PhoneService> service;

    @Before
    public void pair() throws Exception {
        server = new ServerDouble();
        app = (TestApp) RuntimeEnvironment.getApplication();
        shadowOf(app).grantPermissions(
                Manifest.permission.SEND_SMS, Manifest.permission.RECEIVE_SMS, Manifest.permission.READ_PHONE_STATE);
        insertSims(FIRST, SECOND);
        app.credentials().save(new Credentials("dvc_1", ServerDouble.TOKEN, server.socketUrl(), server.address(), false));
    }

    @After
    public void end() throws Exception {
        server.stop();
    }

    /** By their subscriptions, from slot 0 on. */
    protected void insertSims(int... subscriptions) {
        List<android.telephony.SubscriptionInfo> infos = new java.util.ArrayList<>();
        for (int slot = 0; slot < subscriptions.length; slot++) {
            infos.add(SubscriptionInfoBuilder.newBuilder().setId(subscriptions[slot]).setSimSlotIndex(slot)
                    .setCarrierName("Carrier " + subscriptions[slot]).buildSubscriptionInfo());
            shadowOf(app.getSystemService(TelephonyManager.class)).setSimState(slot, TelephonyManager.SIM_STATE_READY);
        }
        shadowOf(app.getSystemService(SubscriptionManager.class)).setActiveSubscriptionInfoList(infos);
    }

    /** The foreground service, as Android would start it. */
    protected void serve() {
        service = Robolectric.buildService(PhoneService.class, new Intent()).create().startCommand(0, 1);
    }

    protected PhoneService service() {
        return service.get();
    }

    protected void connect() {
        int before = server.of("hello").size();
        serve();
        await("hello", () -> server.of("hello").size() > before);
        await("welcome", () -> app.phone().connectedSince() > 0);
    }

    /** The process ends without a word, and another begins on the same disk. */
    protected void restart() {
        app.restart();
        server.drop();
        connect();
    }

    /** Waits for what real sockets and threads will bring about. */
    public static void await(String what, BooleanSupplier condition) {
        long until = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean() && System.nanoTime() < until) {
            shadowOf(Looper.getMainLooper()).idle();
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
        assertTrue(what, condition.getAsBoolean());
    }

    protected static ShadowSmsManager radio(int subscription) {
        return Shadows.shadowOf(android.os.Build.VERSION.SDK_INT >= 31
                ? RuntimeEnvironment.getApplication().getSystemService(SmsManager.class)
                        .createForSubscriptionId(subscription)
                : SmsManager.getSmsManagerForSubscriptionId(subscription));
    }

    protected ShadowSmsManager.TextMultipartParams atRadio(int subscription) {
        await("at the radio", () -> radio(subscription).getLastSentMultipartTextMessageParams() != null);
        return radio(subscription).getLastSentMultipartTextMessageParams();
    }

    /** As the platform answers: a result code, and extras that are filled in. */
    protected void answer(PendingIntent intent, int result, Intent extras) throws PendingIntent.CanceledException {
        intent.send(app, result, extras);
        shadowOf(Looper.getMainLooper()).idle();
    }

    protected void sent(PendingIntent intent) throws PendingIntent.CanceledException {
        answer(intent, Activity.RESULT_OK, null);
    }

    /** A status report with that TP-Status. */
    protected void delivery(PendingIntent intent, int status) throws PendingIntent.CanceledException {
        String pdu = "0006010B919471103254F6321140002100003211400021" + "0000" + String.format("%02X", status);
        answer(intent, Activity.RESULT_OK, new Intent().putExtra("format", "3gpp").putExtra("pdu", hex(pdu)));
    }

    protected void receive(int subscription, String... pdus) {
        Object[] bytes = new Object[pdus.length];
        for (int i = 0; i < pdus.length; i++) {
            bytes[i] = hex(pdus[i]);
        }
        Intent intent = new Intent(Telephony.Sms.Intents.SMS_RECEIVED_ACTION).putExtra("pdus", bytes)
                .putExtra("format", "3gpp").putExtra("android.telephony.extra.SUBSCRIPTION_INDEX", subscription);
        new dev.smskit.phone.inbound.SmsReceiver().onReceive(app, intent);
    }

    protected static byte[] hex(String text) {
        byte[] bytes = new byte[text.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(text.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }
}
