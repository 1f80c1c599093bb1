package dev.smskit.phone.screens;

import dev.smskit.phone.status.Problem;
import dev.smskit.phone.status.StatusSnapshot;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The one state at the top of the screen, and what else is wrong. {@code problem} is null while the phone works. */
record Headline(Problem problem, List<Problem> others) {
    /** What follows from another problem only sends people the wrong way. */
    static Headline of(StatusSnapshot status) {
        List<Problem> told = new ArrayList<>(status.problems());
        told.removeAll(consequences(status.problems()));
        Problem first = told.isEmpty() || ProblemWords.gravity(told.get(0)) == ProblemWords.Gravity.WARNS ? null : told.remove(0);
        return new Headline(first, told);
    }

    private static Set<Problem> consequences(List<Problem> problems) {
        Set<Problem> follow = EnumSet.noneOf(Problem.class);
        if (problems.contains(Problem.AIRPLANE_MODE)) {
            follow.addAll(EnumSet.of(Problem.NO_NETWORK, Problem.NOT_CONNECTED));
        }
        if (problems.contains(Problem.NOT_SERVING)) {
            follow.addAll(EnumSet.of(Problem.NOT_CONNECTED));
        }
        if (problems.contains(Problem.REVOKED) || problems.contains(Problem.KEY_LOST)) {
            follow.addAll(EnumSet.complementOf(EnumSet.of(Problem.REVOKED, Problem.KEY_LOST)));
        }
        return follow;
    }
}
