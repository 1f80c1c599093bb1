package dev.smskit.phone.screens;

import android.app.Activity;
import java.io.File;
import java.util.regex.Pattern;
import org.junit.Assume;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.android.controller.ActivityController;
import org.robolectric.annotation.Config;
import org.robolectric.annotation.GraphicsMode;

/** Draws the screens for people to look at: only with {@code -Dsmskit.pictures=FOLDER}, as `make android-pictures` does. */
@RunWith(RobolectricTestRunner.class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = 35, application = StillApp.class)
public class PicturesTest {
    @Test
    public void everySceneOnEveryDisplay() throws Exception {
        String folder = System.getProperty("smskit.pictures");
        Assume.assumeTrue("only when asked for", folder != null);
        Pattern wanted = Pattern.compile(System.getProperty("smskit.scenes", ".*"));
        for (Display display : Display.all()) {
            for (Scene scene : Scene.all()) {
                String name = scene.name() + "-" + display;
                if (wanted.matcher(name).matches()) {
                    display.apply();
                    draw(scene, new File(folder), name);
                }
            }
        }
    }

    private static void draw(Scene scene, File folder, String name) throws Exception {
        folder.mkdirs();
        ActivityController<? extends Activity> controller = scene.play().get();
        Picture.showBars(controller.get());
        Picture.save(controller.get(), folder, name);
        controller.pause().stop().destroy();
    }
}
