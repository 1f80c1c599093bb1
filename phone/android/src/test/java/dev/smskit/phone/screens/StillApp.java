package dev.smskit.phone.screens;

import dev.smskit.phone.App;
import dev.smskit.phone.support.FakeKeystore;

/** The app with the snapshots that the test shows, and no others. */
public final class StillApp extends App {
    @Override
    public void onCreate() {
        FakeKeystore.install();
        super.onCreate();
    }

    @Override
    public void changed() {
        // The test says what there is to see.
    }
}
