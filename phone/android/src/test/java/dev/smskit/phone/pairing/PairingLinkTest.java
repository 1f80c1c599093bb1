package dev.smskit.phone.pairing;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import org.junit.Test;

/** A link that anybody may make leads nowhere but to an encrypted server that is spelled out. */
public class PairingLinkTest {
    private final Addresses release = new Addresses(false);
    private final Addresses debug = new Addresses(true);

    private static String link(String server) {
        return "smskit://pair?server=" + server + "&code=7H2K9-M4P1Q";
    }

    @Test
    public void theDashboardsLinkIsUnderstood() {
        PairingLink link = PairingLink.parse(link("https%3A%2F%2Fsms.example%2Fapi%2F"), release);
        assertEquals(new PairingLink("https://sms.example/api", "7H2K9-M4P1Q"), link);
        assertFalse(link.toString().contains("7H2K9"));
        assertEquals(link, PairingLink.of(" https://sms.example/api ", " 7H2K9-M4P1Q ", release));
    }

    @Test
    public void whatIsNoPairingLinkOfASafeServerIsNone() {
        String[] bad = {
            null, "", "smskit://pair", "smskit://pair?server=https%3A%2F%2Fa.example", "smskit://pair?code=ABC",
            "https://pair?server=https%3A%2F%2Fa.example&code=ABC", "smskit://other?server=https%3A%2F%2Fa.example&code=A",
            "smskit://pair@evil.example?server=https%3A%2F%2Fa.example&code=ABC",
            link("https%3A%2F%2Fa.example") + "&server=https%3A%2F%2Fevil.example",
            "smskit://pair?server=https%3A%2F%2Fa.example&code=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
            link("javascript%3Aalert(1)"), link("https%3A%2F%2F%3Cscript%3E"), link("file%3A%2F%2F%2Fetc"),
            link("https%3A%2F%2Fuser%3Apass%40a.example"), link("https%3A%2F%2Fa.example%23x"),
            link("https%3A%2F%2Fa.example%3Fx%3D1"), link("http%3A%2F%2Fa.example"), link("%zz"),
        };
        for (String text : bad) {
            assertNull(text, PairingLink.parse(text, release));
        }
    }

    @Test
    public void inTheOpenOnlyToALocalAddressAndOnlyInADebugBuild() {
        for (String host : new String[] {"127.0.0.1:4566", "10.0.2.2:80", "192.168.1.7", "172.20.0.1", "localhost:8080"}) {
            assertNull(release.server("http://" + host));
            assertEquals("http://" + host, debug.server("http://" + host));
            assertFalse(release.isSocket("ws://" + host + "/x"));
            assertTrue(debug.isSocket("ws://" + host + "/x"));
        }
        for (String host : new String[] {"a.example", "172.32.0.1", "127.0.0.1.evil.example", "8.8.8.8"}) {
            assertNull(debug.server("http://" + host));
            assertFalse(debug.isSocket("ws://" + host));
        }
        assertTrue(release.isSocket("wss://a.example/live?x=1"));
        assertFalse(release.isSocket("https://a.example"));
        assertFalse(release.isSocket(null));
    }
}
