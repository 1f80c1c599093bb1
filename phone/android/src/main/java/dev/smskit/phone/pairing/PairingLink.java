package dev.smskit.phone.pairing;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a pairing QR says: {@code smskit://pair?server=…&code=…}. Anybody can make one: the person at the phone confirms
 * the server's address before the phone pairs.
 */
public record PairingLink(String server, String code) {
    private static final Pattern CODE = Pattern.compile("[0-9A-Za-z-]{1,64}");
    private static final int LONGEST = 4096;

    /** Null for what isn't one, or leads to an address that this phone doesn't pair with. */
    public static PairingLink parse(String link, Addresses addresses) {
        if (link == null || link.length() > LONGEST) {
            return null;
        }
        try {
            URI uri = new URI(link);
            boolean isOurs = "smskit".equals(uri.getScheme()) && "pair".equals(uri.getRawAuthority());
            Map<String, String> query = isOurs ? query(uri.getRawQuery()) : Map.of();
            return of(query.get("server"), query.get("code"), addresses);
        } catch (URISyntaxException | IllegalArgumentException error) {
            return null;
        }
    }

    /** Of what a person typed; null as in {@link #parse}. */
    public static PairingLink of(String server, String code, Addresses addresses) {
        String address = addresses.server(server);
        if (address == null || code == null || !CODE.matcher(code.trim()).matches()) {
            return null;
        }
        return new PairingLink(address, code.trim());
    }

    /** A name that comes twice makes a link that can be read in two ways: it is none. */
    private static Map<String, String> query(String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] nameAndValue = pair.split("=", 2);
            if (nameAndValue.length == 2 && query.put(nameAndValue[0], decode(nameAndValue[1])) != null) {
                throw new IllegalArgumentException("twice");
            }
        }
        return query;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8.name());
        } catch (java.io.UnsupportedEncodingException error) {
            throw new IllegalStateException(error);
        }
    }

    /** Without the code: it may get into a log. */
    @Override
    public String toString() {
        return "PairingLink[" + server + "]";
    }
}
