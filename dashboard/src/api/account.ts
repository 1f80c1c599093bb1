import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/preact-query";
import { useMemo } from "preact/hooks";
import { api, got } from "./client";
import { type Schemas, usePhones } from "./queries";

const PAGE = 50;
const NAMES_FRESH_MS = 60_000;
const MOST_CLIENTS = 100;
const NONE: never[] = [];

export function useMembers() {
  return useQuery({
    queryKey: ["members"],
    queryFn: async () => (await got(api().GET("/console/members"))).members,
  });
}

/** Names of the newest API clients by their ids, for sentences that tell of one. */
export function useClientNames(): Map<string, string> {
  const { data } = useQuery({
    queryKey: ["clients", "names"],
    queryFn: () => got(api().GET("/console/clients", { params: { query: { limit: MOST_CLIENTS } } })),
    staleTime: NAMES_FRESH_MS,
  });
  return new Map(data?.clients.map(({ clientId, name }) => [clientId, name]));
}

/** A phone, or one that was removed and that messages and entries may still name. */
export type NamedPhone = Pick<Schemas["ConsoleDevice"], "deviceId" | "name"> & Partial<Pick<Schemas["ConsoleDevice"], "sims">>;

/** The phones by their names, those that are no longer there behind them. */
export function useNamedPhones(): NamedPhone[] {
  const { data: phones = NONE } = usePhones();
  const { data: removed = NONE } = useQuery({
    queryKey: ["phones", "removed"],
    queryFn: async () => (await got(api().GET("/console/devices"))).removed,
    staleTime: NAMES_FRESH_MS,
  });
  return useMemo(() => [...phones, ...removed], [phones, removed]);
}

/** Usage of a day by hour. */
export function useHours(day: string) {
  return useQuery({
    queryKey: ["usage", "hours", day],
    queryFn: () => got(api().GET("/console/usage/hours", { params: { query: { day } } })),
    placeholderData: keepPreviousData,
  });
}

export function useOptOuts() {
  return useInfiniteQuery({
    queryKey: ["opt-outs"],
    queryFn: ({ pageParam }) => got(api().GET("/console/opt-outs", { params: { query: { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? page.cursor : undefined),
  });
}

/** Every opt-out and opt-in of a number, the newest first. */
export function useOptOutHistory(number: string) {
  return useInfiniteQuery({
    queryKey: ["opt-outs", number],
    queryFn: ({ pageParam }) =>
      got(api().GET("/console/opt-outs/{number}/history", { params: { path: { number }, query: { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? page.cursor : undefined),
  });
}

export function useAudit() {
  return useInfiniteQuery({
    queryKey: ["audit"],
    queryFn: ({ pageParam }) => got(api().GET("/console/audit", { params: { query: { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? page.cursor : undefined),
    placeholderData: keepPreviousData,
  });
}
