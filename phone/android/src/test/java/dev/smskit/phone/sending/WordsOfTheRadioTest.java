package dev.smskit.phone.sending;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import dev.smskit.phone.jobs.Failure;
import java.util.Set;
import org.junit.Test;

/** Android's result codes and status reports in the protocol's words. */
public class WordsOfTheRadioTest {
    private static final Set<String> PERMANENT =
            Set.of("invalid_number", "fdn_blocked", "short_code_refused", "permission_denied");

    @Test
    public void theDocumentedCodesHaveTheirWords() {
        assertEquals("generic_failure", ResultCodes.of(1, 0));
        assertEquals("generic_failure:38", ResultCodes.of(1, 38));
        assertEquals("invalid_number:1", ResultCodes.of(1, 1));
        assertEquals("radio_off", ResultCodes.of(2, 0));
        assertEquals("null_pdu", ResultCodes.of(3, 0));
        assertEquals("no_service", ResultCodes.of(4, 0));
        assertEquals("limit_exceeded", ResultCodes.of(5, 0));
        assertEquals("fdn_blocked", ResultCodes.of(6, 0));
        assertEquals("short_code_refused", ResultCodes.of(7, 0));
        assertEquals("short_code_refused", ResultCodes.of(8, 0));
        assertEquals("sim_absent", ResultCodes.of(120, 0));
    }

    @Test
    public void whateverAndroidSaysIsAWordOfTheProtocol() {
        for (int result = -10; result < 600; result++) {
            String code = ResultCodes.of(result, 0);
            assertTrue(code, PERMANENT.contains(code) || new Failure(code, "").isTransient());
        }
    }

    @Test
    public void theTpStatusDecidesNotTheResultCode() {
        assertEquals(DeliveryStatus.DELIVERED, DeliveryStatus.of(0x00, "3gpp"));
        assertEquals(DeliveryStatus.DELIVERED, DeliveryStatus.of(0x1f, null));
        assertEquals(DeliveryStatus.PENDING, DeliveryStatus.of(0x20, "3gpp"));
        assertEquals(DeliveryStatus.PENDING, DeliveryStatus.of(0x3f, "3gpp"));
        assertEquals(DeliveryStatus.FAILED, DeliveryStatus.of(0x40, "3gpp"));
        assertEquals(DeliveryStatus.FAILED, DeliveryStatus.of(0x7f, "3gpp"));
        assertEquals(DeliveryStatus.DELIVERED, DeliveryStatus.of(2 << 16, "3gpp2"));
        assertEquals(DeliveryStatus.PENDING, DeliveryStatus.of(0, "3gpp2"));
        assertEquals(DeliveryStatus.PENDING, DeliveryStatus.of(2 << 24, "3gpp2"));
        assertEquals(DeliveryStatus.FAILED, DeliveryStatus.of(3 << 24, "3gpp2"));
    }
}
