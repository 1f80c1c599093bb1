package dev.smskit.phone.inbound;

import dev.smskit.phone.protocol.Json;
import java.util.ArrayList;
import java.util.List;

/** An SMS that came in, whole. */
public record InboundMessage(String sender, int simSlot, String content, String receivedAt) {
    private static final int LONGEST_SENDER = 320;
    /** As many code points as the server takes of a message. */
    static final int LONGEST_CONTENT = 10_000;
    /** What a frame of 32 KB has for a text, in bytes as JSON. */
    static final int CONTENT_BYTES = 30_000;

    /** Without sender and text: it may get into a log. */
    @Override
    public String toString() {
        return "InboundMessage[" + simSlot + "]";
    }

    /**
     * Entries of {@code received.messages}, in their order: more than one for a text that is longer than the server takes
     * at a time, under ids of their own.
     */
    public List<Item> items(String phoneMessageId) {
        List<Item> items = new ArrayList<>();
        for (String piece : pieces()) {
            String id = items.isEmpty() ? phoneMessageId : phoneMessageId + "." + (items.size() + 1);
            String from = sender.substring(0, Math.min(LONGEST_SENDER, sender.length()));
            String json = Json.write(Json.of(
                    "phoneMessageId", id, "from", from, "simSlot", simSlot, "content", piece, "receivedAt", receivedAt));
            items.add(new Item(id, json, Json.bytes(json)));
        }
        return items;
    }

    private List<String> pieces() {
        List<String> pieces = new ArrayList<>();
        int begin = 0;
        int bytes = 0;
        int count = 0;
        int end = 0;
        while (end < content.length()) {
            int next = content.offsetByCodePoints(end, 1);
            int more = Json.quotedBytes(content.substring(end, next));
            if (count == LONGEST_CONTENT || bytes + more > CONTENT_BYTES) {
                pieces.add(content.substring(begin, end));
                begin = end;
                bytes = 0;
                count = 0;
            }
            bytes += more;
            count++;
            end = next;
        }
        pieces.add(content.substring(begin));
        return pieces;
    }

    /** One entry, as JSON of so many bytes. */
    public record Item(String phoneMessageId, String json, int bytes) {
    }
}
