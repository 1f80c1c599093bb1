package dev.smskit.phone.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the network gives to a telephone, as 3GPP TS 23.040 has it. */
public final class Pdus {
    private static final int UNITS = 70;

    private Pdus() {
    }

    /** A status report with that TP-Status. */
    public static byte[] statusReport(int status) {
        return DeviceTest.hex(
                "0006010B919471103254F6321140002100003211400021" + "0000" + String.format("%02X", status));
    }

    /** Whether Android reads it as it is: not half of a surrogate pair. */
    static boolean canCarry(String content) {
        return StandardCharsets.UTF_16BE.newEncoder().canEncode(content);
    }

    /** An SMS from a number, or from a name of basic letters: its parts, in UCS-2. */
    public static byte[][] deliver(String from, String content) {
        List<byte[]> parts = new ArrayList<>();
        int at = 0;
        do {
            int end = Math.min(content.length(), at + UNITS);
            boolean isWithinPair = end < content.length() && Character.isLowSurrogate(content.charAt(end));
            end = isWithinPair ? end - 1 : end;
            parts.add(part(from, content.substring(at, end)));
            at = end;
        } while (at < content.length());
        return parts.toArray(new byte[0][]);
    }

    private static byte[] part(String from, String text) {
        ByteArrayOutputStream pdu = new ByteArrayOutputStream();
        pdu.writeBytes(new byte[] {0, 4}); // no centre's number; SMS-DELIVER, no more to come
        pdu.writeBytes(from.matches("\\+[0-9]+") ? number(from.substring(1)) : name(from));
        pdu.writeBytes(DeviceTest.hex("0008" + "62603201000000")); // an ordinary message in UCS-2, and its time
        byte[] units = text.getBytes(StandardCharsets.UTF_16BE);
        pdu.write(units.length);
        pdu.writeBytes(units);
        return pdu.toByteArray();
    }

    private static byte[] number(String digits) {
        String even = digits.length() % 2 == 0 ? digits : digits + "F";
        StringBuilder swapped = new StringBuilder(String.format("%02X91", digits.length()));
        for (int at = 0; at < even.length(); at += 2) {
            swapped.append(even.charAt(at + 1)).append(even.charAt(at));
        }
        return DeviceTest.hex(swapped.toString());
    }

    /** Seven bits a letter, which in the basic letters are those of ASCII. */
    private static byte[] name(String letters) {
        byte[] packed = new byte[(letters.length() * 7 + 7) / 8];
        for (int bit = 0; bit < letters.length() * 7; bit++) {
            int isSet = letters.charAt(bit / 7) >> bit % 7 & 1;
            packed[bit / 8] |= (byte) (isSet << bit % 8);
        }
        ByteArrayOutputStream address = new ByteArrayOutputStream();
        address.write(packed.length * 2);
        address.write(0xD0);
        address.writeBytes(packed);
        return address.toByteArray();
    }
}
