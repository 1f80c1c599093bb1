package dev.smskit.phone.screens;

import android.content.Intent;
import android.content.pm.PackageManager;
import android.os.Bundle;
import android.view.View;
import android.view.ViewGroup;
import android.widget.Switch;
import dev.smskit.phone.R;
import dev.smskit.phone.status.StatusSnapshot;
import dev.smskit.phone.status.StatusSnapshot.SimStatus;

/** What the person can set on the phone itself; ends when the phone isn't paired any more. */
public final class SettingsActivity extends Screen {
    private Unpairing unpairing;
    private UnpairDialogs dialogs;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setContentView(R.layout.settings);
        unpairing = (Unpairing) getLastNonConfigurationInstance();
        if (unpairing == null) {
            unpairing = new Unpairing(app());
            unpairing.restore(saved);
        }
        dialogs = new UnpairDialogs(this, unpairing);
        new LimitChoice(findViewById(R.id.limit), actions()).show(app().preferences().partsPerHour());
        connectRows();
        showVersion();
    }

    private void connectRows() {
        findViewById(R.id.back).setOnClickListener(view -> finish());
        Switch pause = findViewById(R.id.pause);
        pause.setChecked(app().preferences().isPaused());
        pause.setOnClickListener(view -> actions().pause(pause.isChecked()));
        findViewById(R.id.permissions).setOnClickListener(view -> openPermissions());
        findViewById(R.id.share_log).setOnClickListener(view -> Sharing.shareLog(this));
        findViewById(R.id.unpair).setOnClickListener(view -> unpairing.ask());
    }

    private void showVersion() {
        try {
            String version = getPackageManager().getPackageInfo(getPackageName(), 0).versionName;
            Rows.text(findViewById(R.id.root), R.id.version, getString(R.string.version, version));
        } catch (PackageManager.NameNotFoundException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** What is missing, or Android's own list once nothing is. */
    private void openPermissions() {
        if (PermissionsActivity.missing(app().permissions()).isEmpty()) {
            Remedies.open(this, new Intent(
                    android.provider.Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Remedies.self(this)));
        } else {
            startActivity(new Intent(this, PermissionsActivity.class));
        }
    }

    @Override
    protected void onStart() {
        super.onStart();
        unpairing.watch(dialogs::show);
    }

    @Override
    protected void onStop() {
        unpairing.watch(() -> { });
        dialogs.dismiss();
        super.onStop();
    }

    @Override
    public Object onRetainNonConfigurationInstance() {
        return unpairing;
    }

    @Override
    protected void onSaveInstanceState(Bundle state) {
        super.onSaveInstanceState(state);
        unpairing.save(state);
    }

    @Override
    protected void show(StatusSnapshot status) {
        if (status.pairing() == StatusSnapshot.Pairing.UNPAIRED) {
            finish();
            return;
        }
        ViewGroup sims = findViewById(R.id.sims);
        Rows.show(sims, R.layout.row_sim_switch, status.sims(), this::showSim);
        findViewById(R.id.sims_title).setVisibility(status.sims().isEmpty() ? View.GONE : View.VISIBLE);
        Rows.text(findViewById(R.id.root), R.id.server, Rows.address(status.server()));
        Rows.text(findViewById(R.id.root), R.id.device, status.deviceId());
    }

    /** By the preferences: a snapshot may be from before the last touch. */
    private void showSim(View row, SimStatus sim) {
        Switch one = (Switch) row;
        one.setText(SimRow.name(getResources(), sim));
        one.setChecked(app().preferences().isOn(sim.simSlot()));
        one.setOnClickListener(view -> actions().setSim(sim.simSlot(), one.isChecked()));
    }
}
