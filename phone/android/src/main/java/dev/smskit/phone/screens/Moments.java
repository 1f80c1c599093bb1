package dev.smskit.phone.screens;

import android.content.Context;
import android.text.format.DateFormat;
import dev.smskit.phone.R;
import java.text.SimpleDateFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Date;
import java.util.Locale;

/** Times as people write them where they live. */
final class Moments {
    private Moments() {
    }

    /** The time of day, with the day before it unless it is today. Neither is broken at the end of a line. */
    static String of(Context context, long millis) {
        String time = whole(DateFormat.getTimeFormat(context).format(new Date(millis)));
        if (isToday(millis)) {
            return time;
        }
        return context.getString(R.string.day_and_time, whole(day(context, millis)), time);
    }

    /** In the language of the screen, which an app may have other than its phone. */
    private static String day(Context context, long millis) {
        Locale locale = context.getResources().getConfiguration().getLocales().get(0);
        return new SimpleDateFormat(DateFormat.getBestDateTimePattern(locale, "MMMd"), locale).format(new Date(millis));
    }

    private static String whole(String words) {
        return words.replace(' ', '\u00A0');
    }

    private static boolean isToday(long millis) {
        LocalDate day = Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()).toLocalDate();
        return day.equals(LocalDate.now());
    }
}
