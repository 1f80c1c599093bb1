package dev.smskit.phone.screens;

import android.content.res.Resources;
import dev.smskit.phone.R;
import dev.smskit.phone.status.Problem;
import dev.smskit.phone.status.StatusSnapshot;

/** Each problem in words: what is wrong, what it means, and what the button says. */
final class ProblemWords {
    /** How much a problem keeps the phone from its work. */
    enum Gravity { STOPS, RESTS, WARNS }

    private ProblemWords() {
    }

    static String name(Resources resources, Problem problem, StatusSnapshot status) {
        if (problem == Problem.MESSAGES_SET_ASIDE) {
            int count = status.inboundSetAside();
            return resources.getQuantityString(R.plurals.problem_set_aside, count, count);
        }
        return resources.getString(name(problem));
    }

    private static int name(Problem problem) {
        return switch (problem) {
            case REVOKED -> R.string.problem_revoked;
            case KEY_LOST -> R.string.problem_key_lost;
            case NO_SEND_PERMISSION -> R.string.problem_no_send;
            case NO_RECEIVE_PERMISSION -> R.string.problem_no_receive;
            case NO_PHONE_PERMISSION -> R.string.problem_no_phone;
            case NO_SIM -> R.string.problem_no_sim;
            case DISK_FULL -> R.string.problem_disk_full;
            case AIRPLANE_MODE -> R.string.problem_airplane;
            case NO_NETWORK -> R.string.problem_no_network;
            case REFUSED_BY_SERVER -> R.string.problem_refused;
            case NOT_CONNECTED -> R.string.problem_not_connected;
            case PAUSED -> R.string.problem_paused;
            case SIM_DISABLED_BY_SERVER -> R.string.problem_sim_disabled;
            case NOT_SERVING -> R.string.problem_not_serving;
            case BATTERY_OPTIMISED -> R.string.problem_battery;
            case NO_EXACT_ALARMS -> R.string.problem_alarms;
            case NO_NOTIFICATIONS -> R.string.problem_notifications;
            case MESSAGES_SET_ASIDE -> throw new IllegalArgumentException("has a count");
        };
    }

    static int why(Problem problem) {
        return switch (problem) {
            case REVOKED -> R.string.problem_revoked_why;
            case KEY_LOST -> R.string.key_lost;
            case NO_SEND_PERMISSION -> R.string.problem_no_send_why;
            case NO_RECEIVE_PERMISSION -> R.string.problem_no_receive_why;
            case NO_PHONE_PERMISSION -> R.string.problem_no_phone_why;
            case NO_SIM -> R.string.problem_no_sim_why;
            case DISK_FULL -> R.string.problem_disk_full_why;
            case AIRPLANE_MODE -> R.string.problem_airplane_why;
            case NO_NETWORK -> R.string.problem_no_network_why;
            case REFUSED_BY_SERVER -> R.string.problem_refused_why;
            case NOT_CONNECTED -> R.string.problem_not_connected_why;
            case PAUSED -> R.string.problem_paused_why;
            case SIM_DISABLED_BY_SERVER -> R.string.problem_sim_disabled_why;
            case NOT_SERVING -> R.string.problem_not_serving_why;
            case BATTERY_OPTIMISED -> R.string.problem_battery_why;
            case NO_EXACT_ALARMS -> R.string.problem_alarms_why;
            case NO_NOTIFICATIONS -> R.string.problem_notifications_why;
            case MESSAGES_SET_ASIDE -> R.string.problem_set_aside_why;
        };
    }

    /** What the button says; 0 where only waiting helps, or what the words say. */
    static int button(Problem problem, StatusSnapshot status) {
        return switch (problem.remedy) {
            case PAIR_AGAIN -> isStillPaired(status) ? R.string.mend_unpair : R.string.mend_pair_again;
            case ALLOW_SMS, ALLOW_PHONE, ALLOW_BACKGROUND, ALLOW_ALARMS, ALLOW_NOTIFICATIONS -> R.string.allow;
            case FREE_SPACE -> R.string.mend_free_space;
            case END_AIRPLANE_MODE -> R.string.mend_airplane;
            case OPEN_NETWORK_SETTINGS -> R.string.mend_network;
            case RESUME -> R.string.mend_resume;
            case START -> R.string.mend_start;
            case ASK_OPERATOR -> R.string.mend_ask;
            case SHARE_LOG -> R.string.share_log;
            case WAIT, INSERT_SIM -> 0;
        };
    }

    /** A pairing that still holds here has to be ended before another is made. */
    static boolean isStillPaired(StatusSnapshot status) {
        return status.pairing() == StatusSnapshot.Pairing.PAIRED;
    }

    static Gravity gravity(Problem problem) {
        return switch (problem) {
            case PAUSED -> Gravity.RESTS;
            case SIM_DISABLED_BY_SERVER, BATTERY_OPTIMISED, NO_EXACT_ALARMS, NO_NOTIFICATIONS, MESSAGES_SET_ASIDE ->
                    Gravity.WARNS;
            default -> Gravity.STOPS;
        };
    }
}
