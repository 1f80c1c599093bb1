package dev.smskit.phone.screens;

import android.content.Context;
import android.content.Intent;
import android.content.pm.PackageManager;
import android.os.Build;
import android.os.Bundle;
import android.provider.Settings;
import android.view.View;
import android.widget.ScrollView;
import dev.smskit.phone.R;
import dev.smskit.phone.platform.Permissions;
import dev.smskit.phone.status.StatusSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Asks for what is missing, one by one, each with its reason; then gives way to the screen before it. */
public final class PermissionsActivity extends Screen {
    private static final String ONLY = "only";
    private static final String PLAN = "plan";
    private static final String AT = "at";
    private static final String REFUSED = "refused";

    private final List<Permission> plan = new ArrayList<>();
    private int at;
    private boolean isRefused;

    /** Asks for that one alone. */
    static Intent only(Context context, Permission permission) {
        return new Intent(context, PermissionsActivity.class).putExtra(ONLY, permission.name());
    }

    /** What is not granted yet, in the order in which it is asked for. */
    static List<Permission> missing(Permissions permissions) {
        List<Permission> missing = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            if (permission.isAsked(Build.VERSION.SDK_INT) && !permission.isGranted(permissions)) {
                missing.add(permission);
            }
        }
        return missing;
    }

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setContentView(R.layout.permissions);
        plan(saved);
        findViewById(R.id.back).setOnClickListener(view -> finish());
        findViewById(R.id.allow).setOnClickListener(view -> ask());
        findViewById(R.id.allow_again).setOnClickListener(view -> ask());
        findViewById(R.id.app_info).setOnClickListener(view -> openAppInfo());
        findViewById(R.id.later).setOnClickListener(view -> next());
    }

    private void plan(Bundle saved) {
        String only = getIntent().getStringExtra(ONLY);
        if (saved != null) {
            saved.getStringArrayList(PLAN).forEach(name -> plan.add(Permission.valueOf(name)));
            at = saved.getInt(AT);
            isRefused = saved.getBoolean(REFUSED);
        } else if (only != null) {
            plan.add(Permission.valueOf(only));
        } else {
            plan.addAll(missing(app().permissions()));
        }
    }

    @Override
    protected void onSaveInstanceState(Bundle state) {
        super.onSaveInstanceState(state);
        ArrayList<String> names = new ArrayList<>();
        plan.forEach(permission -> names.add(permission.name()));
        state.putStringArrayList(PLAN, names);
        state.putInt(AT, at);
        state.putBoolean(REFUSED, isRefused);
    }

    /** Android's own page or dialog was left. */
    @Override
    protected void onResume() {
        super.onResume();
        advance();
    }

    private void advance() {
        while (at < plan.size() && plan.get(at).isGranted(app().permissions())) {
            at++;
            isRefused = false;
        }
        render();
    }

    @Override
    protected void show(StatusSnapshot snapshot) {
        // What is granted is asked of Android itself.
    }

    private void next() {
        at++;
        isRefused = false;
        ((ScrollView) findViewById(R.id.scroll)).scrollTo(0, 0);
        advance();
    }

    private void render() {
        if (at >= plan.size()) {
            finish();
            return;
        }
        Permission permission = plan.get(at);
        View root = findViewById(R.id.root);
        Rows.text(root, R.id.progress, plan.size() == 1 ? null : getString(R.string.permission_step, at + 1, plan.size()));
        Rows.text(root, R.id.name, getString(permission.name));
        Rows.text(root, R.id.why, getString(permission.why));
        Rows.text(root, R.id.without, getString(permission.without));
        Steps.show(root.findViewById(R.id.refused_help), getString(permission.isRestricted(Build.VERSION.SDK_INT)
                ? R.string.permission_restricted_help : R.string.permission_refused_help));
        for (int id : new int[] {R.id.refused, R.id.app_info, R.id.allow_again}) {
            findViewById(id).setVisibility(isRefused ? View.VISIBLE : View.GONE);
        }
        findViewById(R.id.allow).setVisibility(isRefused ? View.GONE : View.VISIBLE);
    }

    private void ask() {
        Permission permission = plan.get(at);
        if (permission.manifestName != null && permission.isAsked(Build.VERSION.SDK_INT)) {
            requestPermissions(new String[] {permission.manifestName}, permission.ordinal());
        } else {
            Remedies.open(this, settings(permission));
        }
    }

    private Intent settings(Permission permission) {
        return switch (permission) {
            case BATTERY -> new Intent(Settings.ACTION_REQUEST_IGNORE_BATTERY_OPTIMIZATIONS, Remedies.self(this));
            case ALARMS -> new Intent("android.settings.REQUEST_SCHEDULE_EXACT_ALARM", Remedies.self(this));
            case NOTIFICATIONS -> new Intent(Settings.ACTION_APP_NOTIFICATION_SETTINGS)
                    .putExtra(Settings.EXTRA_APP_PACKAGE, getPackageName());
            default -> throw new IllegalArgumentException("Android has a dialog for it");
        };
    }

    @Override
    public void onRequestPermissionsResult(int request, String[] names, int[] results) {
        // An empty result means that the dialog was cut off, not that the person refused.
        isRefused = results.length > 0 && results[0] != PackageManager.PERMISSION_GRANTED;
        actions().permissionsChanged();
        advance();
    }

    private void openAppInfo() {
        Remedies.open(this, new Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Remedies.self(this)));
    }
}
