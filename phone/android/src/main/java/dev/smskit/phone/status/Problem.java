package dev.smskit.phone.status;

/** What keeps the phone from its work, the gravest first, and what a person can do about it. */
public enum Problem {
    REVOKED(Remedy.PAIR_AGAIN),
    KEY_LOST(Remedy.PAIR_AGAIN),
    NO_SEND_PERMISSION(Remedy.ALLOW_SMS),
    NO_RECEIVE_PERMISSION(Remedy.ALLOW_SMS),
    NO_PHONE_PERMISSION(Remedy.ALLOW_PHONE),
    NO_SIM(Remedy.INSERT_SIM),
    DISK_FULL(Remedy.FREE_SPACE),
    AIRPLANE_MODE(Remedy.END_AIRPLANE_MODE),
    NO_NETWORK(Remedy.OPEN_NETWORK_SETTINGS),
    REFUSED_BY_SERVER(Remedy.PAIR_AGAIN),
    NOT_CONNECTED(Remedy.WAIT),
    PAUSED(Remedy.RESUME),
    SIM_DISABLED_BY_SERVER(Remedy.ASK_OPERATOR),
    NOT_SERVING(Remedy.START),
    BATTERY_OPTIMISED(Remedy.ALLOW_BACKGROUND),
    NO_EXACT_ALARMS(Remedy.ALLOW_ALARMS),
    NO_NOTIFICATIONS(Remedy.ALLOW_NOTIFICATIONS),
    MESSAGES_SET_ASIDE(Remedy.SHARE_LOG);

    /** What a button does. */
    public enum Remedy {
        PAIR_AGAIN, ALLOW_SMS, ALLOW_PHONE, INSERT_SIM, FREE_SPACE, END_AIRPLANE_MODE, OPEN_NETWORK_SETTINGS, WAIT, RESUME,
        ASK_OPERATOR, START, ALLOW_BACKGROUND, ALLOW_ALARMS, ALLOW_NOTIFICATIONS, SHARE_LOG
    }

    public final Remedy remedy;

    Problem(Remedy remedy) {
        this.remedy = remedy;
    }
}
