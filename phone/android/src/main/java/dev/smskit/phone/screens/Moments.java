package dev.smskit.phone.screens;

import android.content.Context;
import android.text.format.DateFormat;
import android.text.format.DateUtils;
import dev.smskit.phone.R;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Date;

/** Times as people write them where they live. */
final class Moments {
    private Moments() {
    }

    /** The time of day, with the day before it unless it is today. */
    static String of(Context context, long millis) {
        String time = DateFormat.getTimeFormat(context).format(new Date(millis));
        if (isToday(millis)) {
            return time;
        }
        int format = DateUtils.FORMAT_SHOW_DATE | DateUtils.FORMAT_ABBREV_MONTH | DateUtils.FORMAT_NO_YEAR;
        return context.getString(R.string.day_and_time, DateUtils.formatDateTime(context, millis, format), time);
    }

    private static boolean isToday(long millis) {
        LocalDate day = Instant.ofEpochMilli(millis).atZone(ZoneId.systemDefault()).toLocalDate();
        return day.equals(LocalDate.now());
    }
}
