import { useLocation } from "preact-iso";
import { useMemo } from "preact/hooks";
import { serverNow } from "../../api/clock";
import type { MessageFilter } from "../../api/queries";
import { dayKey } from "../../texts/formats";

export const SPANS = ["today", "yesterday", "week", "month", "all"] as const;
export type Span = (typeof SPANS)[number];

const DAY_MS = 86_400_000;

/** The list's filter, which lives in the address: back and forward work, and a link shows the same. */
export interface Filter {
  status?: string;
  number?: string;
  deviceId?: string;
  span: Span;
}

export function useFilter(): [Filter, (change: Partial<Filter>) => void] {
  const { query, path, route } = useLocation();
  const filter: Filter = {
    status: query.status,
    number: query.number,
    deviceId: query.deviceId,
    span: SPANS.find((span) => span === query.span) ?? (query.number ? "all" : "today"),
  };
  function change(wanted: Partial<Filter>) {
    const next = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filter, ...wanted })) {
      if (value && !(name === "span" && value === "today")) next.set(name, value);
    }
    const text = next.toString();
    route(text ? `${path}?${text}` : path, true);
  }
  return [filter, change];
}

/** The filter as the API has it. What "today" means is the account's day. */
export function useAsked(filter: Filter): MessageFilter {
  const { status, number, deviceId, span } = filter;
  const today = dayKey(serverNow());
  return useMemo(
    () => ({ status, number, deviceId, ...bounds(span) }) as MessageFilter,
    [status, number, deviceId, span, today],
  );
}

function bounds(span: Span): { since?: string; until?: string } {
  if (span === "all") return {};
  const midnight = startOfDay(serverNow());
  if (span === "yesterday") return { since: iso(startOfDay(midnight - DAY_MS / 2)), until: iso(midnight) };
  const days = { today: 0, week: 6, month: 29 }[span];
  return { since: iso(startOfDay(midnight - days * DAY_MS + DAY_MS / 2)) };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

/** The first moment of the account's day that holds `at`: found by halving, since days of a changing clock differ. */
function startOfDay(at: number): number {
  const key = dayKey(at);
  let outside = at - 1.2 * DAY_MS;
  let inside = at;
  while (inside - outside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (dayKey(middle) === key) inside = middle;
    else outside = middle;
  }
  return inside;
}
