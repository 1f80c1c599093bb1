package dev.smskit.phone.screens;

import android.content.Intent;
import android.content.res.ColorStateList;
import android.content.res.Resources;
import android.net.Uri;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Button;
import android.widget.ImageView;
import dev.smskit.phone.R;
import dev.smskit.phone.status.Problem;
import dev.smskit.phone.status.StatusSnapshot;
import java.util.ArrayList;
import java.util.List;

/** How the phone is doing: one state at the top, what mends it, then SIMs and messages. */
final class StatusPage {
    private final Screen screen;
    private final Remedies remedies;
    private final Resources resources;
    private StatusSnapshot shown;

    /** Takes the screen's content over. */
    StatusPage(Screen screen, Remedies remedies) {
        this.screen = screen;
        this.remedies = remedies;
        resources = screen.getResources();
        screen.setContentView(R.layout.status);
        screen.findViewById(R.id.settings).setOnClickListener(
                view -> screen.startActivity(new Intent(screen, SettingsActivity.class)));
    }

    void show(StatusSnapshot status) {
        if (status.equals(shown)) {
            return;
        }
        shown = status;
        Headline headline = Headline.of(status);
        showState(headline.problem(), status);
        mend(screen.findViewById(R.id.state_mend), headline.problem(), status);
        Rows.show(group(R.id.problems), R.layout.row_problem, headline.others(),
                (row, problem) -> showProblem(row, problem, status));
        Rows.show(group(R.id.sims), R.layout.row_sim, status.sims(), SimRow::show);
        screen.findViewById(R.id.sims_title).setVisibility(status.sims().isEmpty() ? View.GONE : View.VISIBLE);
        showToday(status);
        MessageRows.showLatest(group(R.id.latest), status.latest());
        screen.findViewById(R.id.latest_title).setVisibility(status.latest().isEmpty() ? View.GONE : View.VISIBLE);
    }

    private void showToday(StatusSnapshot status) {
        MessageRows.showToday(group(R.id.today), status.today());
        for (int id : new int[] {R.id.today_title, R.id.today}) {
            screen.findViewById(id).setVisibility(ProblemWords.isStillPaired(status) ? View.VISIBLE : View.GONE);
        }
    }

    private ViewGroup group(int id) {
        return screen.findViewById(id);
    }

    private void showState(Problem problem, StatusSnapshot status) {
        View root = screen.findViewById(R.id.root);
        ((ImageView) root.findViewById(R.id.state_icon)).setImageResource(icon(problem));
        Rows.text(root, R.id.state, problem == null
                ? resources.getString(R.string.connected) : ProblemWords.name(resources, problem, status));
        Rows.text(root, R.id.state_why, resources.getString(
                problem == null ? R.string.connected_until_work : ProblemWords.why(problem)));
        Rows.text(root, R.id.state_since, connection(problem, status));
        Rows.text(root, R.id.state_waiting, waiting(status));
    }

    private static int icon(Problem problem) {
        if (problem == null) {
            return R.drawable.dot_full;
        }
        return ProblemWords.gravity(problem) == ProblemWords.Gravity.RESTS ? R.drawable.ring_off : R.drawable.ring_bad;
    }

    private String connection(Problem problem, StatusSnapshot status) {
        String host = Uri.parse(status.server()).getHost();
        if (problem == Problem.NOT_CONNECTED || problem == Problem.REVOKED) {
            return host;
        } else if (status.connectedSince() == 0) {
            return resources.getString(R.string.not_connected_to, host);
        }
        return resources.getString(R.string.connected_since, Moments.of(screen, status.connectedSince()), host);
    }

    private String waiting(StatusSnapshot status) {
        List<String> lines = new ArrayList<>();
        int received = status.inboundWaiting();
        int reports = (int) status.unacknowledgedReports();
        if (received > 0) {
            lines.add(resources.getQuantityString(R.plurals.inbound_waiting, received, received));
        }
        if (reports > 0) {
            lines.add(resources.getQuantityString(R.plurals.reports_waiting, reports, reports));
        }
        return lines.isEmpty() ? null : String.join("\n", lines);
    }

    private void showProblem(View row, Problem problem, StatusSnapshot status) {
        boolean isGrave = ProblemWords.gravity(problem) == ProblemWords.Gravity.STOPS;
        ((ImageView) row.findViewById(R.id.icon)).setImageTintList(
                ColorStateList.valueOf(screen.getColor(isGrave ? R.color.bad : R.color.warn)));
        String name = ProblemWords.name(resources, problem, status);
        Rows.text(row, R.id.name, name);
        Rows.text(row, R.id.why, resources.getString(ProblemWords.why(problem)));
        mend(row.findViewById(R.id.mend), problem, status);
    }

    private void mend(Button button, Problem problem, StatusSnapshot status) {
        int words = problem == null ? 0 : ProblemWords.button(problem, status);
        button.setVisibility(words == 0 ? View.GONE : View.VISIBLE);
        if (words != 0) {
            button.setText(words);
            // Several buttons say Allow: TalkBack says what.
            button.setContentDescription(
                    resources.getString(words) + ": " + ProblemWords.name(resources, problem, status));
            button.setOnClickListener(view -> remedies.apply(problem, status));
        }
    }
}
