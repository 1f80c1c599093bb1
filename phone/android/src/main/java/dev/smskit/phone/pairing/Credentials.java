package dev.smskit.phone.pairing;

/** What pairing handed out. The server shows the token once. */
public record Credentials(String deviceId, String deviceToken, String webSocketUrl, String server, boolean isRevoked) {
    /** Without the token: it may get into a log. */
    @Override
    public String toString() {
        return "Credentials[" + deviceId + "]";
    }

    public Credentials revoked() {
        return new Credentials(deviceId, deviceToken, webSocketUrl, server, true);
    }
}
