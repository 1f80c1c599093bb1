package dev.smskit.phone.pairing;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;

/** Which addresses the phone talks to: whoever overhears the code or the token is the phone from then on. */
public final class Addresses {
    private static final Pattern LOCAL = Pattern.compile(
            "localhost|127\\.\\d+\\.\\d+\\.\\d+|10\\.\\d+\\.\\d+\\.\\d+|192\\.168\\.\\d+\\.\\d+"
                    + "|172\\.(1[6-9]|2\\d|3[01])\\.\\d+\\.\\d+|\\[::1]");
    private static final int LONGEST = 2048;

    private final boolean isDebuggable;

    /** Only a debuggable build talks to a local address in the open. */
    public Addresses(boolean isDebuggable) {
        this.isDebuggable = isDebuggable;
    }

    /** The server's address without a slash at its end, or null for one that this phone doesn't pair with. */
    public String server(String text) {
        URI uri = parse(text);
        if (uri == null || !isPrivate(uri, "https", "http") || uri.getRawQuery() != null) {
            return null;
        }
        return uri.toString().replaceAll("/+$", "");
    }

    /** Whether the phone connects to that WebSocket address. */
    public boolean isSocket(String text) {
        URI uri = parse(text);
        return uri != null && isPrivate(uri, "wss", "ws");
    }

    private static URI parse(String text) {
        if (text == null || text.length() > LONGEST) {
            return null;
        }
        try {
            URI uri = new URI(text.trim());
            boolean isPlain = uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
            return isPlain ? uri : null;
        } catch (URISyntaxException error) {
            return null;
        }
    }

    private boolean isPrivate(URI uri, String encrypted, String open) {
        return encrypted.equals(uri.getScheme())
                || isDebuggable && open.equals(uri.getScheme()) && LOCAL.matcher(uri.getHost()).matches();
    }
}
