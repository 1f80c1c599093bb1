package dev.smskit.phone.screens;

import android.app.Activity;
import android.content.ActivityNotFoundException;
import android.content.Intent;
import android.net.Uri;
import android.provider.Settings;
import dev.smskit.phone.status.Actions;
import dev.smskit.phone.status.Problem;
import dev.smskit.phone.status.StatusSnapshot;

/** What the button beside a problem does. */
final class Remedies {
    private final Activity activity;
    private final Actions actions;
    private final Runnable pairAgain;

    Remedies(Activity activity, Actions actions, Runnable pairAgain) {
        this.activity = activity;
        this.actions = actions;
        this.pairAgain = pairAgain;
    }

    void apply(Problem problem, StatusSnapshot status) {
        switch (problem.remedy) {
            case PAIR_AGAIN -> pairAgain(status);
            case ALLOW_SMS -> ask(problem == Problem.NO_SEND_PERMISSION ? Permission.SEND : Permission.RECEIVE);
            case ALLOW_PHONE -> ask(Permission.SIMS);
            case ALLOW_BACKGROUND -> ask(Permission.BATTERY);
            case ALLOW_ALARMS -> ask(Permission.ALARMS);
            case ALLOW_NOTIFICATIONS -> ask(Permission.NOTIFICATIONS);
            case FREE_SPACE -> open(activity, new Intent(Settings.ACTION_INTERNAL_STORAGE_SETTINGS));
            case END_AIRPLANE_MODE -> open(activity, new Intent(Settings.ACTION_AIRPLANE_MODE_SETTINGS));
            case OPEN_NETWORK_SETTINGS -> open(activity, new Intent(Settings.ACTION_WIRELESS_SETTINGS));
            case RESUME -> actions.pause(false);
            case START -> actions.start();
            case ASK_OPERATOR -> Sharing.askForSims(activity, status);
            case SHARE_LOG -> Sharing.shareLog(activity);
            case WAIT, INSERT_SIM -> throw new IllegalArgumentException("has no button");
        }
    }

    private void pairAgain(StatusSnapshot status) {
        if (ProblemWords.isStillPaired(status)) {
            activity.startActivity(new Intent(activity, SettingsActivity.class));
        } else {
            pairAgain.run();
        }
    }

    private void ask(Permission permission) {
        activity.startActivity(PermissionsActivity.only(activity, permission));
    }

    /** Opens that page of Android's settings, or all of them on a device whose maker left it out. */
    static void open(Activity activity, Intent page) {
        try {
            activity.startActivity(page);
        } catch (ActivityNotFoundException missing) {
            activity.startActivity(new Intent(Settings.ACTION_SETTINGS));
        }
    }

    /** This app among Android's settings. */
    static Uri self(Activity activity) {
        return Uri.fromParts("package", activity.getPackageName(), null);
    }
}
