package dev.smskit.phone;

import android.app.Application;

/** The process. */
public class App extends Application {
}
