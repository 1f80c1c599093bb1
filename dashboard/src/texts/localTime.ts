/** `2026-11-23T16:02` in a time zone, as `datetime-local` fields have it. */
export function localTime(at: number, timeZone?: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)!.value;
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The moment that a `datetime-local` field means in a time zone; undefined for an empty one. */
export function instantOf(text: string, timeZone?: string): number | undefined {
  const asUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  let at = asUtc;
  // Twice, since the first guess may lie on the other side of a change of the clock.
  for (let look = 0; look < 2; look += 1) at += asUtc - Date.parse(`${localTime(at, timeZone)}Z`);
  return at;
}
