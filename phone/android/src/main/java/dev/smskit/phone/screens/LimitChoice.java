package dev.smskit.phone.screens;

import android.content.res.Resources;
import android.view.View;
import android.widget.AdapterView;
import android.widget.ArrayAdapter;
import android.widget.Spinner;
import dev.smskit.phone.R;
import dev.smskit.phone.status.Actions;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** How many SMS a SIM may send in an hour. */
final class LimitChoice {
    private static final List<Integer> USUAL = List.of(0, 30, 60, 100, 200, 500, 1_000);

    private final Spinner spinner;
    private final Actions actions;

    LimitChoice(Spinner spinner, Actions actions) {
        this.spinner = spinner;
        this.actions = actions;
    }

    /** Offers the usual ones, and that one. */
    void show(int chosen) {
        TreeSet<Integer> offered = new TreeSet<>(USUAL);
        offered.add(chosen);
        List<Integer> limits = new ArrayList<>(offered);
        List<String> words = new ArrayList<>();
        limits.forEach(limit -> words.add(words(spinner.getResources(), limit)));
        spinner.setAdapter(new ArrayAdapter<>(spinner.getContext(), R.layout.choice, words));
        spinner.setSelection(limits.indexOf(chosen), false);
        spinner.setOnItemSelectedListener(new AdapterView.OnItemSelectedListener() {
            private int current = chosen;

            @Override
            public void onItemSelected(AdapterView<?> parent, View view, int position, long id) {
                if (limits.get(position) != current) {
                    current = limits.get(position);
                    actions.limitHour(current);
                }
            }

            @Override
            public void onNothingSelected(AdapterView<?> parent) {
                // There is always one.
            }
        });
    }

    private static String words(Resources resources, int limit) {
        return limit == 0
                ? resources.getString(R.string.limit_none) : resources.getQuantityString(R.plurals.limit_parts, limit, limit);
    }
}
