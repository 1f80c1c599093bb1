package dev.smskit.phone.sending;

import android.telephony.SmsManager;

/** What Android says of a part, in the protocol's words. */
final class ResultCodes {
    private static final int NETWORK_SAYS_UNASSIGNED = 1;

    private ResultCodes() {
    }

    /**
     * The code for a result that isn't RESULT_OK, with the network's own cause behind a colon where there is one. Numbers
     * above 8 are of Android 11 and later.
     */
    static String of(int result, int cause) {
        String code = code(result, cause);
        return cause > 0 ? code + ":" + cause : code;
    }

    private static String code(int result, int cause) {
        return switch (result) {
            case SmsManager.RESULT_ERROR_RADIO_OFF, 9, 100 -> "radio_off";
            case SmsManager.RESULT_ERROR_NULL_PDU -> "null_pdu";
            case SmsManager.RESULT_ERROR_NO_SERVICE, 116, 135 -> "no_service";
            case SmsManager.RESULT_ERROR_LIMIT_EXCEEDED, 106 -> "limit_exceeded";
            case SmsManager.RESULT_ERROR_FDN_CHECK_FAILURE -> "fdn_blocked";
            case SmsManager.RESULT_ERROR_SHORT_CODE_NOT_ALLOWED, SmsManager.RESULT_ERROR_SHORT_CODE_NEVER_ALLOWED ->
                    "short_code_refused";
            case 33 -> "permission_denied";
            case 120, 128, 134 -> "sim_absent";
            // 3GPP TS 24.011, 8.2.5.4: cause 1 is a number that nobody has.
            default -> cause == NETWORK_SAYS_UNASSIGNED ? "invalid_number" : "generic_failure";
        };
    }
}
