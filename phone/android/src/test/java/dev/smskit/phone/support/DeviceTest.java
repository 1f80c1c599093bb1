package dev.smskit.phone.support;

import static org.junit.Assert.assertTrue;
import static org.robolectric.Shadows.shadowOf;

import android.Manifest;
import android.app.Activity;
import android.app.PendingIntent;
import android.content.Intent;
import android.net.ConnectivityManager;
import android.net.Network;
import android.os.Looper;
import android.provider.Settings;
import android.provider.Telephony;
import android.telephony.SmsManager;
import android.telephony.SubscriptionManager;
import android.telephony.TelephonyManager;
import dev.smskit.phone.platform.PhoneService;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.Before;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.Shadows;
import org.robolectric.Robolectric;
import org.robolectric.android.controller.ServiceController;
import org.robolectric.shadows.ShadowSmsManager;
import org.robolectric.shadows.ShadowSubscriptionManager.SubscriptionInfoBuilder;

/** A device with two SIMs and all permissions, whose radio and network of telephones the test plays. */
public abstract class DeviceTest {
    public static final int FIRST = 7;
    public static final int SECOND = 9;

    protected TestApp app;
    private ServiceController<PhoneService> service;

    @Before
    public void switchOn() {
        app = (TestApp) RuntimeEnvironment.getApplication();
        shadowOf(app).grantPermissions(
                Manifest.permission.SEND_SMS, Manifest.permission.RECEIVE_SMS, Manifest.permission.READ_PHONE_STATE);
        insertSims(FIRST, SECOND);
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

    protected ConnectivityManager connectivity() {
        return app.getSystemService(ConnectivityManager.class);
    }

    /** As Android says it to whoever watches networks. */
    protected void tell(Consumer<ConnectivityManager.NetworkCallback> news) {
        List.copyOf(shadowOf(connectivity()).getNetworkCallbacks()).forEach(news);
        shadowOf(Looper.getMainLooper()).idle();
    }

    protected void loseNetwork() {
        Network network = connectivity().getActiveNetwork();
        shadowOf(connectivity()).setDefaultNetworkActive(false);
        tell(callback -> callback.onLost(network));
    }

    protected void findNetwork() {
        shadowOf(connectivity()).setDefaultNetworkActive(true);
        Network network = connectivity().getActiveNetwork();
        tell(callback -> callback.onAvailable(network));
    }

    /** With what comes with it: the network goes, and comes. */
    protected void setAirplaneMode(boolean isOn) {
        Settings.Global.putInt(app.getContentResolver(), Settings.Global.AIRPLANE_MODE_ON, isOn ? 1 : 0);
        app.sendBroadcast(new Intent(Intent.ACTION_AIRPLANE_MODE_CHANGED));
        if (isOn) {
            loseNetwork();
        } else {
            findNetwork();
        }
    }

    /** Waits for what real sockets and threads will bring about. */
    public static void await(String what, BooleanSupplier condition) {
        await(what, 20, 2, condition);
    }

    /** For so many seconds at most. */
    public static void await(String what, int seconds, int everyMillis, BooleanSupplier condition) {
        long until = System.nanoTime() + seconds * 1_000_000_000L;
        boolean holds = condition.getAsBoolean();
        while (!holds && System.nanoTime() < until) {
            shadowOf(Looper.getMainLooper()).idle();
            java.util.concurrent.locks.LockSupport.parkNanos(everyMillis * 1_000_000L);
            holds = condition.getAsBoolean();
        }
        assertTrue(what, holds);
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
        answer(intent, Activity.RESULT_OK, new Intent().putExtra("format", "3gpp").putExtra("pdu", Pdus.statusReport(status)));
    }

    protected void receive(int subscription, String... pdus) {
        byte[][] bytes = new byte[pdus.length][];
        for (int i = 0; i < pdus.length; i++) {
            bytes[i] = hex(pdus[i]);
        }
        receive(app, subscription, bytes);
    }

    /** One SMS, in so many parts. */
    protected static void receive(TestApp app, int subscription, byte[][] pdus) {
        Intent intent = new Intent(Telephony.Sms.Intents.SMS_RECEIVED_ACTION).putExtra("pdus", (Object[]) pdus)
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
