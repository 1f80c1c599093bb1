package androidx.test.platform.app;

import android.app.Instrumentation;
import android.os.Bundle;
import java.util.concurrent.atomic.AtomicReference;

/** As much of androidx.test as Robolectric asks for: that library isn't in Maven Central. */
public final class InstrumentationRegistry {
    private static final AtomicReference<Instrumentation> INSTANCE = new AtomicReference<>();

    private InstrumentationRegistry() {
    }

    public static Instrumentation getInstrumentation() {
        return INSTANCE.get();
    }

    public static void registerInstance(Instrumentation instrumentation, Bundle arguments) {
        INSTANCE.set(instrumentation);
    }
}
