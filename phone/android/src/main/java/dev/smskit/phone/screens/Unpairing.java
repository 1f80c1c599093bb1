package dev.smskit.phone.screens;

import android.os.Bundle;
import dev.smskit.phone.App;
import dev.smskit.phone.journal.Owed;
import dev.smskit.phone.status.Actions;

/** A person ends the pairing: agrees, waits, and decides again if something can't be told. For the main thread. */
final class Unpairing {
    /** {@code LEFT}: the server could not be told of everything. */
    enum Stage { NONE, ASKING, BUSY, LEFT }

    private final Actions actions;
    private Stage stage = Stage.NONE;
    private Owed left;
    private Runnable onChange = () -> { };

    Unpairing(App app) {
        actions = new Actions(app);
    }

    /** In a new process only the question is asked again. */
    void restore(Bundle saved) {
        if (saved != null && saved.getBoolean("unpairing")) {
            stage = Stage.ASKING;
        }
    }

    void save(Bundle state) {
        state.putBoolean("unpairing", stage == Stage.ASKING);
    }

    /** Told of the stage now, and of each change. */
    void watch(Runnable changed) {
        onChange = changed;
        changed.run();
    }

    void ask() {
        go(Stage.ASKING);
    }

    void cancel() {
        go(Stage.NONE);
    }

    /** Forgetting, what is left untold is lost. */
    void unpair(boolean forget) {
        go(Stage.BUSY);
        actions.unpair(forget, this::answered);
    }

    void answered(Owed owed) {
        left = owed;
        go(owed.isNothing() ? Stage.NONE : Stage.LEFT);
    }

    void go(Stage next) {
        stage = next;
        onChange.run();
    }

    Stage stage() {
        return stage;
    }

    /** What the server does not know; null before it was asked. */
    Owed left() {
        return left;
    }
}
