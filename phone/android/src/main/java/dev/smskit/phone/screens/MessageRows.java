package dev.smskit.phone.screens;

import android.content.Context;
import android.content.res.ColorStateList;
import android.content.res.Resources;
import android.view.View;
import android.view.ViewGroup;
import android.widget.ImageView;
import dev.smskit.phone.R;
import dev.smskit.phone.jobs.State;
import dev.smskit.phone.status.StatusSnapshot.Message;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What became of messages: today's counts, and the latest one by one, without a text or a number. */
final class MessageRows {
    /** From this font scale on there is no room for two things in a line. */
    private static final float LARGE = 1.3f;

    private MessageRows() {
    }

    private record Count(int name, State state, int number) {
    }

    static void showToday(ViewGroup container, Map<State, Integer> today) {
        List<Count> counts = new ArrayList<>();
        add(counts, R.string.state_delivered, today, State.DELIVERED);
        add(counts, R.string.state_sent, today, State.SENT);
        add(counts, R.string.state_under_way, today, State.CLAIMED, State.CLEARED, State.SENDING);
        add(counts, R.string.state_failed, today, State.FAILED);
        add(counts, R.string.state_unknown, today, State.UNKNOWN);
        if (counts.isEmpty()) {
            counts.add(new Count(R.string.today_none, null, 0));
        }
        Rows.show(container, R.layout.row_count, counts, MessageRows::showCount);
    }

    private static void add(List<Count> counts, int name, Map<State, Integer> today, State... states) {
        int number = 0;
        for (State state : states) {
            number += today.getOrDefault(state, 0);
        }
        if (number > 0) {
            counts.add(new Count(name, states[0], number));
        }
    }

    private static void showCount(View row, Count count) {
        row.findViewById(R.id.icon).setVisibility(count.state == null ? View.GONE : View.VISIBLE);
        if (count.state != null) {
            icon(row, count.state);
        }
        Rows.text(row, R.id.name, row.getResources().getString(count.name));
        Rows.text(row, R.id.count, count.state == null ? null : NumberFormat.getIntegerInstance().format(count.number));
    }

    static void showLatest(ViewGroup container, List<Message> latest) {
        Rows.show(container, R.layout.row_message, latest, MessageRows::showMessage);
    }

    private static void showMessage(View row, Message message) {
        Context context = row.getContext();
        Resources resources = row.getResources();
        icon(row, message.state());
        Rows.text(row, R.id.message_state, resources.getString(MessageWords.name(message.state())));
        Rows.text(row, R.id.why, MessageWords.why(resources, message.errorCode()));
        String parts = resources.getQuantityString(R.plurals.parts, message.parts(), message.parts());
        Rows.text(row, R.id.by, resources.getString(R.string.message_by, message.simSlot() + 1, parts));
        String at = Moments.of(context, message.changedAt());
        boolean isWide = resources.getConfiguration().fontScale < LARGE;
        Rows.text(row, R.id.at, isWide ? at : null);
        Rows.text(row, R.id.at_below, isWide ? null : at);
    }

    private static void icon(View row, State state) {
        ImageView icon = row.findViewById(R.id.icon);
        icon.setImageResource(MessageWords.icon(state));
        icon.setImageTintList(ColorStateList.valueOf(row.getContext().getColor(MessageWords.colour(state))));
    }
}
