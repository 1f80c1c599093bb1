package dev.smskit.phone.screens;

import android.content.Intent;
import android.os.Bundle;
import dev.smskit.phone.status.StatusSnapshot;

/** The way to pair while the phone isn't paired, and how it is doing once it is. */
public abstract class MainScreen extends Screen {
    /** Which page the screen shows; none before the first snapshot. */
    private enum Page { NONE, PAIR, ASK, STATUS }

    private PairingFlow flow;
    private Page page = Page.NONE;
    private PairPage pair;
    private AskPage ask;
    private StatusPage status;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        flow = (PairingFlow) getLastNonConfigurationInstance();
        if (flow == null) {
            flow = new PairingFlow(app());
            if (saved != null) {
                flow.restore(saved);
            }
        }
    }

    /** A link that was scanned, or opened from another app. */
    protected final void acceptLink(String link) {
        flow.accept(link);
    }

    @Override
    protected void onStart() {
        flow.watch(this::render, this::askForPermissions);
        super.onStart();
        render();
    }

    @Override
    protected void onStop() {
        flow.watch(() -> { }, () -> { });
        super.onStop();
    }

    @Override
    public Object onRetainNonConfigurationInstance() {
        return flow;
    }

    @Override
    protected void onSaveInstanceState(Bundle state) {
        if (page == Page.PAIR) {
            pair.keep();
        }
        super.onSaveInstanceState(state);
        flow.save(state);
    }

    @Override
    protected void show(StatusSnapshot snapshot) {
        render();
    }

    private void render() {
        StatusSnapshot snapshot = app().board().latest();
        if (snapshot == null) {
            return;
        }
        turnTo(pageFor(snapshot));
        switch (page) {
            case PAIR -> pair.show(snapshot);
            case ASK -> ask.show(snapshot);
            case STATUS -> status.show(snapshot);
            case NONE -> throw new IllegalStateException("there is a snapshot");
        }
    }

    private Page pageFor(StatusSnapshot snapshot) {
        boolean isUnpaired = snapshot.pairing() == StatusSnapshot.Pairing.UNPAIRED;
        return switch (flow.stage()) {
            case CLOSED -> isUnpaired ? Page.PAIR : Page.STATUS;
            case TYPING -> Page.PAIR;
            case ASKING, BUSY -> Page.ASK;
        };
    }

    private void turnTo(Page next) {
        if (next == page) {
            return;
        }
        page = next;
        switch (page) {
            case PAIR -> pair = new PairPage(this, flow);
            case ASK -> ask = new AskPage(this, flow);
            case STATUS -> status = new StatusPage(this, new Remedies(this, actions(), flow::type));
            case NONE -> throw new IllegalStateException("no page is ever left for none");
        }
    }

    private void askForPermissions() {
        if (!PermissionsActivity.missing(app().permissions()).isEmpty()) {
            startActivity(new Intent(this, PermissionsActivity.class));
        }
    }

    /** One page back, as people expect it. */
    @Override
    public void onBackPressed() {
        StatusSnapshot snapshot = app().board().latest();
        boolean isForm = page == Page.PAIR && snapshot.pairing() == StatusSnapshot.Pairing.UNPAIRED;
        if (page == Page.NONE || page == Page.STATUS || isForm) {
            super.onBackPressed();
        } else {
            flow.cancel();
        }
    }
}
