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
        int words = error == null && isKeyLost ? R.string.key_lost : error == null ? 0 : error.words;
        Notes.show(screen, words);
        boolean hasStatus = status.pairing() != StatusSnapshot.Pairing.UNPAIRED;
        screen.findViewById(R.id.cancel).setVisibility(hasStatus ? View.VISIBLE : View.GONE);
        if (error == PairingError.CODE) {
            code.requestFocus();
        }
    }
}
