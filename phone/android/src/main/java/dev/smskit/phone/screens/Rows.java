package dev.smskit.phone.screens;

import android.view.LayoutInflater;
import android.view.View;
import android.view.ViewGroup;
import android.widget.TextView;
import java.util.List;

/** Lists as rows of views. */
final class Rows {
    private Rows() {
    }

    /** Puts an item's values into its row. */
    interface Binder<T> {
        void bind(View row, T item);
    }

    /** A row for each item. Rows stay the views they were, so that neither a finger nor TalkBack loses its place. */
    static <T> void show(ViewGroup container, int layout, List<T> items, Binder<T> binder) {
        LayoutInflater inflater = LayoutInflater.from(container.getContext());
        while (container.getChildCount() < items.size()) {
            inflater.inflate(layout, container, true);
        }
        int surplus = container.getChildCount() - items.size();
        container.removeViews(items.size(), surplus);
        for (int i = 0; i < items.size(); i++) {
            binder.bind(container.getChildAt(i), items.get(i));
        }
        container.setVisibility(items.isEmpty() ? View.GONE : View.VISIBLE);
    }

    /** Shows the text, or no view at all for null. Says it anew only when it is another. */
    static void text(View parent, int id, CharSequence text) {
        TextView view = parent.findViewById(id);
        view.setVisibility(text == null ? View.GONE : View.VISIBLE);
        if (text != null && !text.toString().contentEquals(view.getText())) {
            view.setText(text);
        }
    }

    /** A server's address, or its host: a long one is broken after a dot. */
    static String address(String address) {
        return address.replace(".", ".\u200B");
    }
}
