package dev.smskit.phone.platform;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.net.ConnectivityManager;
import android.net.Network;
import android.os.Handler;
import android.os.Looper;
import android.telephony.SubscriptionManager;
import dev.smskit.phone.App;
import dev.smskit.phone.Phone;
import dev.smskit.phone.connection.Device;
import java.util.List;
import java.util.function.Consumer;

/** Tells the phone of networks and SIMs that come and go. */
final class Surroundings {
    private final Context context;
    private final Sims sims;
    private final Permissions permissions;
    private List<Device.Sim> known;
    private Network network;
    private boolean isWatchingSims;

    private final ConnectivityManager.NetworkCallback networks = new ConnectivityManager.NetworkCallback() {
        @Override
        public void onAvailable(Network available) {
            boolean isOther = !available.equals(network);
            network = available;
            if (isOther) {
                tell(phone -> phone.networkChanged(true));
            }
        }

        @Override
        public void onLost(Network lost) {
            if (lost.equals(network)) {
                network = null;
                tell(phone -> phone.networkChanged(false));
            }
        }
    };

    private final SubscriptionManager.OnSubscriptionsChangedListener subscriptions =
            new SubscriptionManager.OnSubscriptionsChangedListener() {
                @Override
                public void onSubscriptionsChanged() {
                    simsChanged();
                }
            };

    private final BroadcastReceiver airplaneMode = new BroadcastReceiver() {
        @Override
        public void onReceive(Context from, Intent intent) {
            tell(Phone::readinessChanged);
        }
    };

    Surroundings(Context context, Sims sims, Permissions permissions) {
        this.context = context;
        this.sims = sims;
        this.permissions = permissions;
        known = sims.present();
    }

    void watch() {
        ConnectivityManager connectivity = context.getSystemService(ConnectivityManager.class);
        network = connectivity.getActiveNetwork();
        connectivity.registerDefaultNetworkCallback(networks, new Handler(Looper.getMainLooper()));
        context.registerReceiver(airplaneMode, new IntentFilter(Intent.ACTION_AIRPLANE_MODE_CHANGED));
        watchSims();
    }

    /** A phone that is new in this process takes a network for granted, and Android tells of none that isn't there. */
    void checkNetwork() {
        Network active = context.getSystemService(ConnectivityManager.class).getActiveNetwork();
        if (network == null && active == null) {
            tell(phone -> phone.networkChanged(false));
        } else if (network == null) {
            networks.onAvailable(active);
        }
    }

    /** As soon as Android lets the app see them: the permission may be given while the service runs. */
    void watchSims() {
        if (!isWatchingSims && permissions.canSeeSims()) {
            context.getSystemService(SubscriptionManager.class).addOnSubscriptionsChangedListener(subscriptions);
            isWatchingSims = true;
        }
    }

    void forget() {
        context.getSystemService(ConnectivityManager.class).unregisterNetworkCallback(networks);
        context.unregisterReceiver(airplaneMode);
        if (isWatchingSims) {
            context.getSystemService(SubscriptionManager.class).removeOnSubscriptionsChangedListener(subscriptions);
        }
    }

    /** The phone of now: it may be another than when the service began. */
    private void tell(Consumer<Phone> news) {
        Phone phone = App.of(context).phone();
        if (phone != null) {
            news.accept(phone);
        }
    }

    /** Android says so for many a reason; only other SIMs are news to the server. */
    private void simsChanged() {
        List<Device.Sim> now = sims.present();
        if (!now.equals(known)) {
            known = now;
            tell(Phone::simsChanged);
        }
    }
}
