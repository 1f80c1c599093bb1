import { t } from "@lingui/core/macro";
import type { Schemas } from "../api/queries";
import { clock, dayKey, daysAfter, plainDay, plainLongDay } from "../texts/formats";
import type { Bar } from "./Bars";

export type Day = Schemas["DayView"];
export type Hour = Schemas["HourView"];
export type Figures = Omit<Day, "day">;

const HOUR_MS = 3_600_000;

const NOTHING: Figures = { accepted: 0, segments: 0, sent: 0, delivered: 0, failed: 0, dead: 0 };

/** Every day from `first` on, those on which nothing was sent too. `today` is fresher than what usage says of it. */
export function filled(first: string, length: number, days: Day[], today?: Day): Day[] {
  const known = new Map(days.map((one) => [one.day, one]));
  if (today) known.set(today.day, today);
  return Array.from({ length }, (_, at) => {
    const day = daysAfter(first, at);
    return known.get(day) ?? { day, ...NOTHING };
  });
}

/** The parts of a bar: a delivered message was sent as well, and one that was given up has failed too. */
export function partsOf({ delivered, sent, failed, dead }: Figures): Pick<Bar, "delivered" | "sent" | "failed"> {
  return { delivered, sent: Math.max(0, sent - delivered), failed: failed + dead };
}

/** A bar a day, the last of which may be today. */
export function dayBars(days: Day[], today: string): Bar[] {
  return days.map((one, at) => ({
    key: one.day,
    name: one.day === today ? t`Today` : at === 0 || one.day.endsWith("-01") ? plainDay(one.day) : String(Number(one.day.slice(8))),
    rareName: plainDay(one.day),
    title: plainLongDay(one.day),
    ...partsOf(one),
  }));
}

/** The hours of a day with those to come, so that the bars keep their places while the day goes on. */
export function wholeDay(hours: Hour[]): Hour[] {
  const all = [...hours];
  for (let last = all.at(-1); last; last = all.at(-1)) {
    const hour = new Date(Date.parse(last.hour) + HOUR_MS).toISOString();
    if (dayKey(hour) !== dayKey(hours[0]!.hour)) break;
    all.push({ hour, ...NOTHING });
  }
  return all;
}

/** `14:00 – 15:00` */
export function hourName({ hour }: Hour): string {
  return `${clock(hour)} – ${clock(Date.parse(hour) + HOUR_MS)}`;
}

/** A bar an hour. */
export function hourBars(hours: Hour[]): Bar[] {
  return hours.map((one) => ({
    key: one.hour,
    name: clock(one.hour).slice(0, 2),
    rareName: clock(one.hour),
    title: hourName(one),
    ...partsOf(one),
  }));
}
