package dev.smskit.phone.screens;

import static org.robolectric.Shadows.shadowOf;

import android.app.Activity;
import android.app.NotificationManager;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.os.Looper;
import android.widget.EditText;
import dev.smskit.phone.MainActivity;
import dev.smskit.phone.R;
import dev.smskit.phone.journal.Owed;
import dev.smskit.phone.status.Problem;
import dev.smskit.phone.status.StatusSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.robolectric.Robolectric;
import org.robolectric.RuntimeEnvironment;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.shadows.ShadowAlarmManager;

/** A screen in a state that a person can meet. */
record Scene(String name, Supplier<ActivityController<? extends Activity>> play) {
    private static final String LINK = "smskit://pair?server=https%3A%2F%2Fsms.example.com&code=7H2K9-M4P1Q";

    /** All there are. */
    static List<Scene> all() {
        List<Scene> scenes = new ArrayList<>();
        addPairing(scenes);
        for (Permission permission : Permission.values()) {
            scenes.add(new Scene("permission-" + low(permission), () -> permission(permission, false)));
        }
        scenes.add(new Scene("permission-refused", () -> permission(Permission.SIMS, true)));
        scenes.add(new Scene("permission-restricted", () -> permission(Permission.SEND, true)));
        scenes.add(new Scene("permissions-first", Scene::walk));
        scenes.add(new Scene("status-quiet", () -> status(Snapshots.quiet())));
        scenes.add(new Scene("status-connected", () -> status(Snapshots.busy())));
        for (Problem problem : Problem.values()) {
            scenes.add(new Scene("status-" + low(problem), () -> status(Snapshots.with(problem))));
        }
        addSettings(scenes);
        return scenes;
    }

    private static void addPairing(List<Scene> scenes) {
        scenes.add(new Scene("pair", () -> main(Snapshots.unpaired(), flow -> { })));
        for (String[] typed : new String[][] {
            {"link", "javascript:alert(1)"}, {"not_encrypted", "smskit://pair?server=http%3A%2F%2Fevil.example&code=1"}}) {
            scenes.add(new Scene("pair-" + typed[0], () -> main(Snapshots.unpaired(), flow -> flow.accept(typed[1]))));
        }
        scenes.add(new Scene("pair-address", () -> typed("sms example", "7H2K9-M4P1Q")));
        scenes.add(new Scene("pair-code", () -> typed("sms.example.com", "7H2K9 M4P1Q")));
        scenes.add(new Scene("ask", () -> main(Snapshots.unpaired(), flow -> flow.accept(LINK))));
        scenes.add(new Scene("ask-other", () -> main(
                Snapshots.revoked(), flow -> flow.accept(LINK.replace("sms.example.com", "gateway.another-company.example")))));
        scenes.add(new Scene("ask-busy", () -> asking(PairingFlow.Stage.BUSY, null)));
        for (PairingError error : PairingError.values()) {
            if (error.compareTo(PairingError.WRONG_CODE) >= 0) {
                scenes.add(new Scene("ask-" + low(error), () -> asking(PairingFlow.Stage.ASKING, error)));
            }
        }
        scenes.add(new Scene("ask-paired", () -> main(Snapshots.busy(), flow -> flow.accept(LINK))));
    }

    private static void addSettings(List<Scene> scenes) {
        scenes.add(new Scene("settings", () -> settings(unpairing -> { })));
        scenes.add(new Scene("settings-unpair", () -> settings(Unpairing::ask)));
        scenes.add(new Scene("settings-unpair_busy", () -> settings(unpairing -> unpairing.go(Unpairing.Stage.BUSY))));
        scenes.add(new Scene("settings-unpair_left", () -> settings(unpairing -> unpairing.answered(new Owed(2, 0, 1)))));
    }

    private static String low(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT);
    }

    static StillApp app() {
        return (StillApp) RuntimeEnvironment.getApplication();
    }

    static void idle() {
        shadowOf(Looper.getMainLooper()).idle();
    }

    static ActivityController<MainActivity> status(StatusSnapshot snapshot) {
        return main(snapshot, flow -> { });
    }

    static ActivityController<MainActivity> main(StatusSnapshot snapshot, Consumer<PairingFlow> then) {
        app().board().show(snapshot);
        ActivityController<MainActivity> controller = Robolectric.buildActivity(MainActivity.class).setup();
        then.accept((PairingFlow) controller.get().onRetainNonConfigurationInstance());
        idle();
        return controller;
    }

    private static ActivityController<MainActivity> typed(String server, String code) {
        ActivityController<MainActivity> controller = status(Snapshots.unpaired());
        ((EditText) controller.get().findViewById(R.id.server)).setText(server);
        ((EditText) controller.get().findViewById(R.id.code)).setText(code);
        controller.get().findViewById(R.id.go_on).performClick();
        idle();
        return controller;
    }

    private static ActivityController<MainActivity> asking(PairingFlow.Stage stage, PairingError error) {
        return main(Snapshots.unpaired(), flow -> {
            flow.accept(LINK);
            flow.go(stage, error);
        });
    }

    /** Nothing is granted, and Android asks for all that it can ask for. */
    static void withhold() {
        shadowOf(app().getSystemService(NotificationManager.class)).setNotificationsEnabled(false);
        ShadowAlarmManager.setCanScheduleExactAlarms(false);
    }

    private static ActivityController<PermissionsActivity> permission(Permission permission, boolean isRefused) {
        withhold();
        ActivityController<PermissionsActivity> controller = Robolectric.buildActivity(
                PermissionsActivity.class, PermissionsActivity.only(app(), permission)).setup();
        if (isRefused) {
            controller.get().onRequestPermissionsResult(0, new String[1], new int[] {PackageManager.PERMISSION_DENIED});
        }
        idle();
        return controller;
    }

    private static ActivityController<PermissionsActivity> walk() {
        withhold();
        return Robolectric.buildActivity(PermissionsActivity.class).setup();
    }

    static ActivityController<SettingsActivity> settings(Consumer<Unpairing> then) {
        app().board().show(Snapshots.busy());
        ActivityController<SettingsActivity> controller =
                Robolectric.buildActivity(SettingsActivity.class, new Intent()).setup();
        then.accept((Unpairing) controller.get().onRetainNonConfigurationInstance());
        idle();
        return controller;
    }
}
