import { useLocation } from "preact-iso";
import { serverNow } from "../../api/clock";
import { dayKey, daysAfter } from "../../texts/formats";

/** How many days the page can show: one by hours, more by days; the API answers at most 92 at a time. */
export const LENGTHS = [1, 7, 30, 90] as const;
export type Length = (typeof LENGTHS)[number];
const USUAL: Length = 30;
/** Figures are kept for so many days. */
const KEPT = 400;

export interface Span {
  length: Length;
  first: string;
  last: string;
  today: string;
  /** Whether there are earlier and later days to go to. */
  hasEarlier: boolean;
  hasLater: boolean;
}

/** The days that are shown, which live in the address: `?days=90&last=2026-10-31`. */
export function useSpan(): [Span, (change: { length?: Length; step?: number }) => void] {
  const { query, path, route } = useLocation();
  const today = dayKey(serverNow());
  const length = LENGTHS.find((one) => String(one) === query.days) ?? USUAL;
  const last = validDay(query.last, today) ?? today;
  const first = daysAfter(last, 1 - length);
  const span = { length, first, last, today, hasEarlier: first > daysAfter(today, -KEPT), hasLater: last < today };

  function change({ length: wanted = length, step = 0 }: { length?: Length; step?: number }) {
    const to = daysAfter(last, step * length);
    const next = new URLSearchParams();
    if (wanted !== USUAL) next.set("days", String(wanted));
    if (to < today) next.set("last", to);
    const text = next.toString();
    route(text ? `${path}?${text}` : path, true);
  }
  return [span, change];
}

function validDay(asked: string | undefined, today: string): string | undefined {
  if (!asked || !/^\d{4}-\d\d-\d\d$/.test(asked) || Number.isNaN(Date.parse(asked))) return undefined;
  return asked < today && asked >= daysAfter(today, -KEPT) ? asked : undefined;
}
