import { keepPreviousData, QueryClient, useInfiniteQuery, useQuery } from "@tanstack/preact-query";
import { api, got } from "./client";
import { Problem } from "./problems";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];
export type MessageFilter = Omit<NonNullable<paths["/console/messages"]["get"]["parameters"]["query"]>, "cursor">;

/**
 * How often an open page asks, in milliseconds. A hidden tab doesn't; who fails asks more and more seldom. Lists ask
 * whether anything changed (`useChanges`), and are fetched when it has; a thread and pairing are fetched at their pace.
 */
export const PACE = { thread: 2_000, pairing: 2_000, list: 3_000, overview: 15_000, past: 600_000 } as const;
/** So long the overview may show what nobody notes as it was: figures lag behind by as much anyway. */
export const OVERVIEW_UNNOTED_SECONDS = 60;
/** So long what is kept is shown without asking again; what changed meanwhile is asked for at once. */
const STALE_MS = 30_000;
const LONGEST_PAUSE_MS = 60_000;
const PAGE = 50;

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      refetchOnWindowFocus: true,
      retry: (count, error) => error instanceof Problem && error.isPassing && count < 2,
      retryDelay: (count, error) => ((error as Problem).retryAfter ?? 2 ** count) * 1000,
    },
    mutations: { retry: false },
  },
});

/** `refetchInterval` of a query that asks again at this pace, backing off while it fails. */
export function every(pace: number) {
  return (query: { state: { fetchFailureCount: number; errorUpdateCount: number; status: string } }) => {
    const failures = query.state.status === "error" ? query.state.errorUpdateCount : query.state.fetchFailureCount;
    return Math.min(pace * 2 ** Math.min(failures, 6), Math.max(pace, LONGEST_PAUSE_MS));
  };
}

export function useMe() {
  return useQuery({ queryKey: ["me"], queryFn: () => got(api().GET("/console/me")), staleTime: 60_000 });
}

export function useSettings() {
  return useQuery({ queryKey: ["settings"], queryFn: () => got(api().GET("/console/settings")), staleTime: 300_000 });
}

export function useOverview() {
  return useQuery({
    queryKey: ["overview"],
    queryFn: () => got(api().GET("/console/overview")),
  });
}

export function usePhones() {
  return useQuery({
    queryKey: ["phones"],
    queryFn: async () => (await got(api().GET("/console/devices"))).devices,
  });
}

export function useWebhooks() {
  return useQuery({
    queryKey: ["webhooks"],
    queryFn: async () => (await got(api().GET("/console/webhooks"))).webhooks,
  });
}

export function useUsage(first?: string, last?: string) {
  return useQuery({
    queryKey: ["usage", first, last],
    queryFn: () => got(api().GET("/console/usage", { params: { query: { first, last } } })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

/** The days before today, which hardly change. */
export function usePastDays(first: string, today: string) {
  return useQuery({
    queryKey: ["days", first, today],
    queryFn: () => got(api().GET("/console/usage", { params: { query: { first, last: today } } })),
    placeholderData: keepPreviousData,
    refetchInterval: every(PACE.past),
  });
}

/** The newest messages that failed, asked for anew when `number`, how many did today, is another one: finding them reads many. */
export function useFailures(number: string, limit: number) {
  return useQuery({
    queryKey: ["failures", number],
    queryFn: async () => (await got(api().GET("/console/messages", { params: { query: { status: "Failed,DeadLetter", limit } } }))).messages,
    placeholderData: keepPreviousData,
  });
}

export function useMessages(filter: MessageFilter) {
  return useInfiniteQuery({
    queryKey: ["messages", filter],
    queryFn: ({ pageParam }) =>
      got(api().GET("/console/messages", { params: { query: { limit: PAGE, ...filter, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? (page.cursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
  });
}

export function useMessage(jobId: string) {
  return useQuery({
    queryKey: ["message", jobId],
    queryFn: () => got(api().GET("/console/messages/{jobId}", { params: { path: { jobId } } })),
    refetchInterval: every(PACE.thread),
  });
}
