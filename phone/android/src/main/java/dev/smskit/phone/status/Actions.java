package dev.smskit.phone.status;

import android.content.Intent;
import android.os.Build;
import android.os.Handler;
import android.os.Looper;
import dev.smskit.phone.App;
import dev.smskit.phone.Phone;
import dev.smskit.phone.journal.Owed;
import dev.smskit.phone.pairing.Credentials;
import dev.smskit.phone.pairing.PairingClient;
import dev.smskit.phone.pairing.PairingLink;
import dev.smskit.phone.platform.HeartbeatAlarm;
import dev.smskit.phone.platform.PhoneService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** What a person can make the phone do. Returns at once; answers come on the main thread. */
public final class Actions {
    /** What became of a try to pair. */
    public enum PairResult {
        PAIRED, ALREADY_PAIRED, UNTOLD, WRONG_CODE, TOO_MANY_TRIES, UNREACHABLE, REFUSED, BAD_ANSWER;

        static PairResult of(PairingClient.Refusal refusal) {
            return valueOf(refusal.name());
        }
    }

    private final App app;
    private final Handler main = new Handler(Looper.getMainLooper());
    private final ExecutorService work = Executors.newSingleThreadExecutor();

    public Actions(App app) {
        this.app = app;
    }

    /**
     * Pairs with the server that the person has confirmed. UNTOLD: a revoked pairing leaves something behind that nobody
     * can tell any more; {@code forget} leaves it there.
     */
    public void pair(PairingLink link, String name, boolean forget, Consumer<PairResult> done) {
        work.execute(() -> {
            PairResult result = pair(link, name, forget);
            main.post(() -> done.accept(result));
        });
    }

    private PairResult pair(PairingLink link, String name, boolean forget) {
        Credentials known = app.credentials().load();
        if (known != null && !known.isRevoked()) {
            return PairResult.ALREADY_PAIRED;
        }
        if (!forget && known != null && app.journal() != null && !app.journal().owed().isNothing()) {
            return PairResult.UNTOLD;
        }
        PairingClient.Answer answer = new PairingClient(app.addresses())
                .pair(link, name, Build.MODEL, version(), app.sims().present());
        if (answer.credentials() == null) {
            return PairResult.of(answer.refusal());
        }
        app.close();
        app.credentials().save(answer.credentials());
        app.events().emit("paired", "deviceId", answer.credentials().deviceId());
        app.keepServing();
        app.changed();
        return PairResult.PAIRED;
    }

    /**
     * Gives back what is not sent, tells the server what there is to tell, which may take half a minute, and forgets the
     * pairing: then {@code done} hears of nothing owed. If something is left that can't be told, it hears what, and the
     * phone serves on, unless {@code forget} leaves it behind.
     */
    public void unpair(boolean forget, Consumer<Owed> done) {
        Phone phone = app.phone();
        if (phone == null) {
            forgetPairing();
            done.accept(new Owed(0, 0, 0));
            return;
        }
        phone.takeLeave(owed -> {
            boolean isOver = forget || owed.isNothing();
            app.close();
            if (isOver) {
                forgetPairing();
            } else {
                app.keepServing();
            }
            main.post(() -> done.accept(isOver ? new Owed(0, 0, 0) : owed));
        });
    }

    private void forgetPairing() {
        app.credentials().forget();
        app.stopService(new Intent(app, PhoneService.class));
        HeartbeatAlarm.cancel(app);
        app.events().emit("unpaired");
        app.changed();
    }

    /** Takes no work, or takes it again. What the radio has begun it finishes. */
    public void pause(boolean isPaused) {
        app.preferences().setPaused(isPaused);
        readinessChanged();
    }

    public void setSim(int simSlot, boolean isOn) {
        app.preferences().setOn(simSlot, isOn);
        tell(Phone::simsChanged);
    }

    /** So many parts for each SIM and hour, besides what the server allows; 0 for no limit. */
    public void limitHour(int parts) {
        app.preferences().setPartsPerHour(parts);
        tell(phone -> app.limits().limitHour(app.preferences().partsPerHour()));
        readinessChanged();
    }

    /** A phone that serves already may now see its SIMs. */
    public void permissionsChanged() {
        app.loop().post(app::keepServing);
        readinessChanged();
    }

    /** After permissions were given or taken, and whenever a screen comes to the front. */
    public void readinessChanged() {
        tell(Phone::readinessChanged);
        app.changed();
    }

    /** On the loop: to open the phone takes the Keystore and the journal, and the first screen of a process is not to wait. */
    private void tell(Consumer<Phone> news) {
        app.loop().post(() -> {
            Phone phone = app.phone();
            if (phone != null) {
                news.accept(phone);
            }
        });
    }

    /** Lets the phone serve. */
    public void start() {
        app.keepServing();
    }

    /** What happened, for sharing: names no text and no number. */
    public String log() {
        return app.events().read();
    }

    private String version() {
        try {
            return app.getPackageManager().getPackageInfo(app.getPackageName(), 0).versionName;
        } catch (android.content.pm.PackageManager.NameNotFoundException error) {
            throw new IllegalStateException(error);
        }
    }
}
