/** Clocks that agree as well as this are left alone: the header below is cut to whole seconds, and took its time. */
const TOLERANCE_MS = 5_000;
let ahead = 0;

/** The server's time in milliseconds. A browser's clock may be a day off; ages and countdowns are not. */
export function serverNow(): number {
  return Date.now() + ahead;
}

/** Takes the time of an answer's `Date` header. */
export function heard(date: string | null): void {
  const difference = date ? Date.parse(date) - Date.now() : NaN;
  if (Number.isNaN(difference)) return;
  ahead = Math.abs(difference) > TOLERANCE_MS ? difference : 0;
}
