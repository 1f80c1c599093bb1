package dev.smskit.phone.screens;

import android.content.res.Resources;
import dev.smskit.phone.R;
import dev.smskit.phone.jobs.State;

/** States of messages, and why they failed, in words and pictures. */
final class MessageWords {
    private MessageWords() {
    }

    static int name(State state) {
        return switch (state) {
            case CLAIMED, CLEARED -> R.string.state_held;
            case SENDING -> R.string.state_sending;
            case SENT -> R.string.state_sent;
            case DELIVERED -> R.string.state_delivered;
            case FAILED -> R.string.state_failed;
            case UNKNOWN -> R.string.state_unknown;
        };
    }

    /** Each of another shape: colour says nothing alone. */
    static int icon(State state) {
        return switch (state) {
            case CLAIMED, CLEARED -> R.drawable.ic_clock;
            case SENDING -> R.drawable.ic_sending;
            case SENT -> R.drawable.ic_sent;
            case DELIVERED -> R.drawable.ic_delivered;
            case FAILED -> R.drawable.ic_failed;
            case UNKNOWN -> R.drawable.ic_unknown;
        };
    }

    static int colour(State state) {
        return switch (state) {
            case CLAIMED, CLEARED -> R.color.text_3;
            case SENDING, SENT -> R.color.info;
            case DELIVERED -> R.color.ok;
            case FAILED -> R.color.bad;
            case UNKNOWN -> R.color.warn;
        };
    }

    /** Why a message failed; null where nothing is known, the code itself where it has no words here. */
    static String why(Resources resources, String errorCode) {
        if (errorCode == null) {
            return null;
        }
        int words = words(errorCode.split(":", 2)[0]);
        return words == 0 ? resources.getString(R.string.failed_other, errorCode) : resources.getString(words);
    }

    private static int words(String code) {
        return switch (code) {
            case "radio_off" -> R.string.failed_radio_off;
            case "no_service" -> R.string.failed_no_service;
            case "generic_failure" -> R.string.failed_generic_failure;
            case "limit_exceeded" -> R.string.failed_limit_exceeded;
            case "sim_absent" -> R.string.failed_sim_absent;
            case "no_credit" -> R.string.failed_no_credit;
            case "null_pdu" -> R.string.failed_null_pdu;
            case "fdn_blocked" -> R.string.failed_fdn_blocked;
            case "short_code_refused" -> R.string.failed_short_code_refused;
            case "permission_denied" -> R.string.failed_permission_denied;
            case "invalid_number" -> R.string.failed_invalid_number;
            case "unknown_outcome" -> R.string.failed_unknown_outcome;
            default -> 0;
        };
    }
}
