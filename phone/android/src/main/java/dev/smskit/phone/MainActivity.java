package dev.smskit.phone;

import android.app.Activity;
import android.os.Bundle;

/** What the launcher opens. */
public class MainActivity extends Activity {
    @Override
    protected void onCreate(Bundle saved) {
        super.onCreate(saved);
        setTitle(R.string.app_name);
    }
}
