package dev.smskit.phone.screens;

import android.net.Uri;
import android.view.View;
import android.widget.Button;
import dev.smskit.phone.R;
import dev.smskit.phone.status.StatusSnapshot;

/** With whom the phone is about to pair, and what that means: nothing goes out before the person agrees. */
final class AskPage {
    private final Screen screen;
    private final PairingFlow flow;

    /** Takes the screen's content over. */
    AskPage(Screen screen, PairingFlow flow) {
        this.screen = screen;
        this.flow = flow;
        screen.setContentView(R.layout.ask);
        screen.findViewById(R.id.pair).setOnClickListener(view -> flow.pair());
        screen.findViewById(R.id.cancel).setOnClickListener(view -> flow.cancel());
    }

    void show(StatusSnapshot status) {
        View root = screen.findViewById(R.id.root);
        Uri server = Uri.parse(flow.link().server());
        String host = server.getHost();
        Rows.text(root, R.id.host, Rows.address(host));
        Rows.text(root, R.id.address, server.toString().equals("https://" + host) ? null : server.toString());
        Rows.text(root, R.id.other, isOther(status, server)
                ? screen.getString(R.string.ask_other, Uri.parse(status.server()).getHost()) : null);
        boolean isBusy = flow.stage() == PairingFlow.Stage.BUSY;
        PairingError error = !isBusy && ProblemWords.isStillPaired(status) ? PairingError.ALREADY_PAIRED : flow.error();
        Notes.show(screen, error == null ? 0 : error.words);
        screen.findViewById(R.id.busy).setVisibility(isBusy ? View.VISIBLE : View.GONE);
        showButtons(isBusy, error);
    }

    private static boolean isOther(StatusSnapshot status, Uri server) {
        return status.pairing() == StatusSnapshot.Pairing.REVOKED && !status.server().equals(server.toString());
    }

    /** Where another try can't help nobody is asked anything. */
    private void showButtons(boolean isBusy, PairingError error) {
        boolean isOver = error != null && error.again == 0;
        for (int id : new int[] {R.id.question, R.id.received, R.id.sent, R.id.trust, R.id.pair}) {
            screen.findViewById(id).setVisibility(isOver ? View.GONE : View.VISIBLE);
        }
        Button pair = screen.findViewById(R.id.pair);
        pair.setEnabled(!isBusy);
        pair.setText(isBusy ? R.string.pairing : error == null || isOver ? R.string.pair : error.again);
        Button cancel = screen.findViewById(R.id.cancel);
        cancel.setVisibility(isBusy ? View.GONE : View.VISIBLE);
        cancel.setText(error == null ? R.string.cancel : error == PairingError.WRONG_CODE ? R.string.other_code : R.string.back);
    }
}
