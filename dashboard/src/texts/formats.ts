import { t } from "@lingui/core/macro";
import { signal } from "@preact/signals";
import { serverNow } from "../api/clock";
import { language } from "./texts";

/** The account's time zone: what is shown is the account's day and hour, wherever the reader is. */
export const timeZone = signal<string | undefined>(undefined);

const made = new Map<string, Intl.DateTimeFormat>();

function format(name: string, options: Intl.DateTimeFormatOptions, at: Date): string {
  const key = `${name} ${language.value} ${timeZone.value}`;
  const locale = language.value === "en" ? "en-GB" : language.value;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(locale, { timeZone: timeZone.value, ...options }));
  return made.get(key)!.format(at);
}

const CLOCK: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

/** `14:32` */
export function clock(at: string | number | Date): string {
  return format("clock", CLOCK, new Date(at));
}

/** `14:32:07.218` */
export function preciseClock(at: string | number | Date): string {
  return format("precise", { ...CLOCK, second: "2-digit", fractionalSecondDigits: 3 }, new Date(at));
}

/** `23 Nov` */
export function day(at: string | number | Date): string {
  return format("day", { day: "numeric", month: "short" }, new Date(at));
}

/** `3 Sep 2026` */
export function date(at: string | number | Date): string {
  return format("date", { day: "numeric", month: "short", year: "numeric" }, new Date(at));
}

/** `14:32:07` */
export function seconds(at: string | number | Date): string {
  return format("seconds", { ...CLOCK, second: "2-digit" }, new Date(at));
}

/** `14:32:07` today, else `23 Nov 16:02:07`; today is the day of `seenAt`. */
export function exactMoment(at: string | number | Date, seenAt: string | number | Date = serverNow()): string {
  return dayKey(at) === dayKey(seenAt) ? seconds(at) : `${day(at)} ${seconds(at)}`;
}

/** `Tuesday 24 November` */
export function longDay(at: string | number | Date): string {
  return format("longDay", { weekday: "long", day: "numeric", month: "long" }, new Date(at)).replace(",", "");
}

/** `23 Nov` of a day as the API has it, `2026-11-23`: no zone can make another day of it. */
export function plainDay(key: string): string {
  return format("plainDay", { day: "numeric", month: "short", timeZone: "UTC" }, new Date(key));
}

/** `Tuesday 24 November` of a day as the API has it. */
export function plainLongDay(key: string): string {
  return format("plainLongDay", { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }, new Date(key)).replace(",", "");
}

/** The day so many days after this one, both as `2026-11-23`. */
export function daysAfter(key: string, days: number): string {
  return new Date(Date.parse(key) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The day in the account's zone, as `2026-11-23`; two moments of the same day have the same. */
export function dayKey(at: string | number | Date): string {
  return keyFormat().format(new Date(at));
}

/** `14:32` today, else `23 Nov 16:02` */
export function moment(at: string | number | Date): string {
  return dayKey(at) === dayKey(serverNow()) ? clock(at) : `${day(at)} ${clock(at)}`;
}

let keyed: { zone: string | undefined; format: Intl.DateTimeFormat } | undefined;

/** One for all days: making it takes a thousand times as long as using it. */
function keyFormat(): Intl.DateTimeFormat {
  if (!keyed || keyed.zone !== timeZone.value) {
    keyed = { zone: timeZone.value, format: new Intl.DateTimeFormat("en-CA", { timeZone: timeZone.value }) };
  }
  return keyed.format;
}

/** `14:32` today, `Mon` of the last six days, else `23 Nov`: where there is room for one word. */
export function shortMoment(at: string | number | Date): string {
  const moment = new Date(at);
  if (dayKey(moment) === dayKey(serverNow())) return clock(moment);
  const isRecent = serverNow() - moment.getTime() < 6 * 86_400_000;
  return isRecent ? format("weekday", { weekday: "short" }, moment) : day(moment);
}

/** `4,218` */
export function count(value: number): string {
  return new Intl.NumberFormat(language.value).format(value);
}

/** `94.5 %` */
export function share(part: number, whole: number): string {
  const percent = whole ? (100 * part) / whole : 0;
  return `${new Intl.NumberFormat(language.value, { maximumFractionDigits: 1 }).format(percent)} %`;
}

/** `12 s`, `4 min`, `2 h 10 min`, `3 d`: how long something takes or lasts, from milliseconds. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (ms < 1_000) return t`${Math.max(0, Math.round(ms))} ms`;
  if (seconds < 60) return ms < 10_000 ? t`${(ms / 1000).toFixed(1)} s` : t`${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t`${minutes} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours < 24) return rest ? t`${hours} h ${rest} min` : t`${hours} h`;
  return t`${Math.floor(hours / 24)} d`;
}

/** `9 s`, `12 min`: how long ago, in whole units. */
export function age(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / 1000));
  return whole < 60 ? t`${whole} s` : duration(whole * 1000);
}

/** `+254 712 345 678`: in groups, for reading. What is copied and sent is the number as it stands. */
export function phoneNumber(number: string): string {
  const kenyan = /^\+254(\d{3})(\d{3})(\d{3})$/.exec(number);
  if (kenyan) return `+254 ${kenyan[1]} ${kenyan[2]} ${kenyan[3]}`;
  return number;
}
