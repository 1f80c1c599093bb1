package dev.smskit.phone.screens;

import android.view.View;
import android.view.inputmethod.EditorInfo;
import android.widget.EditText;
import dev.smskit.phone.R;
import dev.smskit.phone.status.Problem;
import dev.smskit.phone.status.StatusSnapshot;

/** How to pair: by the camera, or typed. */
final class PairPage {
    private final Screen screen;
    private final PairingFlow flow;
    private final EditText server;
    private final EditText code;

    /** Takes the screen's content over. */
    PairPage(Screen screen, PairingFlow flow) {
        this.screen = screen;
        this.flow = flow;
        screen.setContentView(R.layout.pair);
        server = screen.findViewById(R.id.server);
        code = screen.findViewById(R.id.code);
        server.setText(flow.server());
        code.setText(flow.code());
        screen.findViewById(R.id.go_on).setOnClickListener(view -> submit());
        screen.findViewById(R.id.cancel).setOnClickListener(view -> flow.cancel());
        code.setOnEditorActionListener((view, action, event) -> {
            if (action == EditorInfo.IME_ACTION_GO) {
                submit();
            }
            return action == EditorInfo.IME_ACTION_GO;
        });
    }

    /** What is typed so far, for the next page that shows the flow. */
    void keep() {
        flow.keep(server.getText().toString(), code.getText().toString());
    }

    private void submit() {
        keep();
        flow.submit();
    }

    void show(StatusSnapshot status) {
        boolean isKeyLost = status.problems().contains(Problem.KEY_LOST);
        PairingError error = flow.error();
        wrong(R.id.server_wrong, server, error == PairingError.ADDRESS);
        wrong(R.id.code_wrong, code, error == PairingError.CODE);
        boolean isNoted = error != null && error != PairingError.ADDRESS && error != PairingError.CODE;
        Notes.show(screen, isNoted ? error.words : error == null && isKeyLost ? R.string.key_lost : 0);
        boolean hasStatus = status.pairing() != StatusSnapshot.Pairing.UNPAIRED;
        screen.findViewById(R.id.cancel).setVisibility(hasStatus ? View.VISIBLE : View.GONE);
    }

    /** What is wrong with a field stands below it, where it can be seen while it is mended. */
    private void wrong(int words, EditText field, boolean isWrong) {
        screen.findViewById(words).setVisibility(isWrong ? View.VISIBLE : View.GONE);
        if (isWrong && !field.isActivated()) {
            field.requestFocus();
            field.setSelection(field.length());
        }
        field.setActivated(isWrong);
    }
}
