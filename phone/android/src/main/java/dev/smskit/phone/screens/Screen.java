package dev.smskit.phone.screens;

import android.app.Activity;
import android.os.Bundle;
import dev.smskit.phone.App;
import dev.smskit.phone.R;
import dev.smskit.phone.status.Actions;
import dev.smskit.phone.status.StatusSnapshot;
import java.util.function.Consumer;

/** What every screen has: each new snapshot while it can be seen, and room for the system's bars. */
public abstract class Screen extends Activity {
    private final Consumer<StatusSnapshot> observer = this::show;
    private Actions actions;

    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        actions = new Actions(app());
    }

    @Override
    protected void onStart() {
        super.onStart();
        app().board().observe(observer);
    }

    /** A person may come back from Android's settings. */
    @Override
    protected void onResume() {
        super.onResume();
        actions.readinessChanged();
    }

    @Override
    protected void onStop() {
        app().board().forget(observer);
        super.onStop();
    }

    @Override
    public void setContentView(int layout) {
        super.setContentView(layout);
        Edges.keepClear(findViewById(R.id.root), findViewById(R.id.scroll));
    }

    /** The latest snapshot, on the main thread. */
    protected abstract void show(StatusSnapshot snapshot);

    protected final App app() {
        return App.of(this);
    }

    protected final Actions actions() {
        return actions;
    }
}
