import { t } from "@lingui/core/macro";
import type { Schemas } from "../api/queries";
import { daysAfter, plainDay, plainLongDay } from "../texts/formats";
import type { Bar } from "./Bars";

export type Day = Schemas["DayView"];
type Figures = Omit<Day, "day">;

/** Every day from `first` on, those on which nothing was sent too. `today` is fresher than what usage says of it. */
export function filled(first: string, length: number, days: Day[], today?: Day): Day[] {
  const known = new Map(days.map((one) => [one.day, one]));
  if (today) known.set(today.day, today);
  return Array.from({ length }, (_, at) => {
    const day = daysAfter(first, at);
    return known.get(day) ?? { day, accepted: 0, segments: 0, sent: 0, delivered: 0, failed: 0, dead: 0 };
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
