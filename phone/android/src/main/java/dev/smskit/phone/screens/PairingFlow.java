package dev.smskit.phone.screens;

import android.os.Build;
import android.os.Bundle;
import dev.smskit.phone.App;
import dev.smskit.phone.pairing.PairingLink;
import dev.smskit.phone.status.Actions;
import dev.smskit.phone.status.Actions.PairResult;

/**
 * A person pairs the phone: types or scans, agrees, waits for the server's answer. Outlives the activity that shows it when
 * the display turns; what was typed outlives the process. For the main thread.
 */
final class PairingFlow {
    /** {@code CLOSED}: nobody is pairing. */
    enum Stage { CLOSED, TYPING, ASKING, BUSY }

    private final App app;
    private final Actions actions;
    private Stage stage = Stage.CLOSED;
    private PairingLink link;
    private PairingError error;
    private String server = "";
    private String code = "";
    private Runnable onChange = () -> { };
    private Runnable onPaired = () -> { };

    PairingFlow(App app) {
        this.app = app;
        actions = new Actions(app);
    }

    void restore(Bundle saved) {
        server = saved.getString("server", "");
        code = saved.getString("code", "");
        stage = Stage.valueOf(saved.getString("stage", Stage.CLOSED.name()));
        link = PairingLink.of(saved.getString("linkServer"), saved.getString("linkCode"), app.addresses());
        if (stage.compareTo(Stage.ASKING) >= 0) {
            stage = link == null ? Stage.TYPING : Stage.ASKING; // nobody waits for the answer any more
        }
    }

    void save(Bundle state) {
        state.putString("server", server);
        state.putString("code", code);
        state.putString("stage", stage.name());
        state.putString("linkServer", link == null ? null : link.server());
        state.putString("linkCode", link == null ? null : link.code());
    }

    /** Told of each change, and once when the phone is paired, until the next watcher comes. */
    void watch(Runnable changed, Runnable paired) {
        onChange = changed;
        onPaired = paired;
    }

    void type() {
        go(Stage.TYPING, null);
    }

    /** Back to the form, or out of it. */
    void cancel() {
        if (stage != Stage.BUSY) {
            go(stage == Stage.ASKING && !isPaired() ? Stage.TYPING : Stage.CLOSED, null);
        }
    }

    private boolean isPaired() {
        return ProblemWords.isStillPaired(app.board().latest());
    }

    void keep(String typedServer, String typedCode) {
        server = typedServer;
        code = typedCode;
    }

    /** Any page may hold such a link: the person decides, and sees with whom. */
    void accept(String scanned) {
        if (stage != Stage.BUSY) {
            propose(PairingLink.parse(scanned, app.addresses()), PairingError.ofLink(scanned));
        }
    }

    void submit() {
        String address = server.trim();
        // Few people type it, and it can be nothing else.
        address = address.isEmpty() || address.contains("://") ? address : "https://" + address;
        propose(PairingLink.of(address, code, app.addresses()), PairingError.ofTyped(address, app.addresses()));
    }

    private void propose(PairingLink proposed, PairingError otherwise) {
        link = proposed;
        go(proposed == null ? Stage.TYPING : Stage.ASKING, proposed == null ? otherwise : null);
    }

    /** The person agrees. */
    void pair() {
        boolean forget = error == PairingError.UNTOLD;
        go(Stage.BUSY, null);
        actions.pair(link, Build.MODEL, forget, this::answered);
    }

    void answered(PairResult result) {
        if (result == PairResult.PAIRED) {
            keep("", "");
            link = null;
            go(Stage.CLOSED, null);
            onPaired.run();
        } else {
            go(Stage.ASKING, PairingError.of(result, app));
        }
    }

    void go(Stage next, PairingError why) {
        stage = next;
        error = why;
        onChange.run();
    }

    Stage stage() {
        return stage;
    }

    PairingLink link() {
        return link;
    }

    /** Null while nothing is wrong. */
    PairingError error() {
        return error;
    }

    String server() {
        return server;
    }

    String code() {
        return code;
    }
}
