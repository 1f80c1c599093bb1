package dev.smskit.phone.screens;

import android.content.Context;
import android.net.ConnectivityManager;
import android.net.Uri;
import dev.smskit.phone.R;
import dev.smskit.phone.pairing.Addresses;
import dev.smskit.phone.status.Actions.PairResult;

/** Why the phone isn't paired, in words, and what the person can do next. */
enum PairingError {
    LINK(R.string.error_link, 0),
    ADDRESS(R.string.error_address, 0),
    NOT_ENCRYPTED(R.string.error_not_encrypted, 0),
    CODE(R.string.error_code, 0),
    WRONG_CODE(R.string.error_wrong_code, 0),
    TOO_MANY_TRIES(R.string.error_too_many, R.string.try_again),
    NO_NETWORK(R.string.error_no_network, R.string.try_again),
    UNREACHABLE(R.string.error_unreachable, R.string.try_again),
    REFUSED(R.string.error_refused, R.string.try_again),
    BAD_ANSWER(R.string.error_bad_answer, R.string.try_again),
    ALREADY_PAIRED(R.string.error_already, 0),
    UNTOLD(R.string.error_untold, R.string.pair_and_leave);

    final int words;
    /** What the button says that tries once more; 0 where another try can't help. */
    final int again;

    PairingError(int words, int again) {
        this.words = words;
        this.again = again;
    }

    /** What is wrong with a link that isn't one. */
    static PairingError ofLink(String link) {
        Uri uri = Uri.parse(link == null ? "" : link);
        String server = uri.isHierarchical() ? uri.getQueryParameter("server") : null;
        return isOpen(server) ? NOT_ENCRYPTED : LINK;
    }

    /** What is wrong with an address and a code that make no link. */
    static PairingError ofTyped(String server, Addresses addresses) {
        if (isOpen(server)) {
            return NOT_ENCRYPTED;
        }
        return addresses.server(server) == null ? ADDRESS : CODE;
    }

    private static boolean isOpen(String server) {
        return server != null && server.trim().toLowerCase(java.util.Locale.ROOT).startsWith("http:");
    }

    /** Null where the phone is paired now. */
    static PairingError of(PairResult result, Context context) {
        return switch (result) {
            case PAIRED -> null;
            case ALREADY_PAIRED -> ALREADY_PAIRED;
            case UNTOLD -> UNTOLD;
            case WRONG_CODE -> WRONG_CODE;
            case TOO_MANY_TRIES -> TOO_MANY_TRIES;
            case REFUSED -> REFUSED;
            case BAD_ANSWER -> BAD_ANSWER;
            case UNREACHABLE -> hasNetwork(context) ? UNREACHABLE : NO_NETWORK;
        };
    }

    private static boolean hasNetwork(Context context) {
        return context.getSystemService(ConnectivityManager.class).getActiveNetwork() != null;
    }
}
