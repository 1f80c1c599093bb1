package dev.smskit.phone.screens;

import java.util.ArrayList;
import java.util.List;
import org.robolectric.RuntimeEnvironment;

/** A phone's display as its owner has set it. */
record Display(int width, int height, boolean isNight, float fontScale, String language) {
    /** Every one that the app is looked at on. */
    static List<Display> all() {
        List<Display> displays = new ArrayList<>();
        for (int[] size : new int[][] {{360, 800}, {411, 891}}) {
            for (boolean isNight : new boolean[] {false, true}) {
                for (float scale : new float[] {1, 2}) {
                    for (String language : new String[] {"en", "sw"}) {
                        displays.add(new Display(size[0], size[1], isNight, scale, language));
                    }
                }
            }
        }
        return displays;
    }

    void apply() {
        RuntimeEnvironment.setQualifiers(
                language + "-w" + width + "dp-h" + height + "dp-" + (isNight ? "night" : "notnight") + "-xhdpi");
        RuntimeEnvironment.setFontScale(fontScale);
    }

    @Override
    public String toString() {
        return width + "x" + height + "-" + (isNight ? "dark" : "light") + "-" + (int) fontScale + "-" + language;
    }
}
