import { useQuery } from "@tanstack/preact-query";
import { useEffect, useRef } from "preact/hooks";
import { api, got } from "./client";
import { every, queries, type Schemas } from "./queries";

type Changes = Schemas["ChangesView"];

/** Which kept answers may be old when a part of the account changed: how their keys begin. */
const FOLLOWS: Record<keyof Changes, string[]> = {
  messages: ["messages", "message", "batches", "batch-messages", "overview", "usage", "conversations", "thread"],
  inbox: ["conversations", "unread", "thread", "contacts", "opt-outs", "overview"],
  phones: ["phones", "phone", "pairing-codes", "overview"],
  webhooks: ["webhooks", "webhook", "deliveries", "overview"],
  account: ["clients", "client", "members", "settings", "templates", "routing-rules", "audit", "me", "overview"],
};

/**
 * Keeps what is shown fresh: one small question at this pace, in milliseconds, instead of one for each thing that is
 * shown. What changed is fetched once more, if it is shown; the rest is when it is shown next. What nobody notes may go
 * unseen for `unnotedSeconds`.
 */
export function useChanges(pace: number, unnotedSeconds?: number): void {
  const { data } = useQuery({
    queryKey: ["changes"],
    queryFn: () => got(api().GET("/console/changes", { params: { query: { unnotedSeconds } } })),
    refetchInterval: every(pace),
    staleTime: 0,
  });
  const before = useRef<Changes>();
  useEffect(() => {
    if (!data) return;
    const known = before.current;
    before.current = data;
    if (!known) return;
    const parts = (Object.keys(FOLLOWS) as (keyof Changes)[]).filter((part) => data[part] !== known[part]);
    const old = new Set(parts.flatMap((part) => FOLLOWS[part]));
    if (old.size) void queries.invalidateQueries({ predicate: ({ queryKey }) => old.has(String(queryKey[0])) });
  }, [data]);
}
