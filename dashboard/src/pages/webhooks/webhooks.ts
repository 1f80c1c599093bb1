import { t } from "@lingui/core/macro";
import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import type { Schemas } from "../../api/queries";

export type Webhook = Schemas["WebhookView"];
export type Delivery = Schemas["DeliveryView"];
export type Attempt = Schemas["AttemptView"];
export type EventName = Schemas["RegisterWebhook"]["events"][number];
export const DELIVERY_STATES = ["Delivered", "Waiting", "Failed", "Skipped"] as const;

const PAGE = 60;
/** Counts of the API that stop here also stand for more. */
export const COUNTED_TO = 1_000;

/** What an endpoint can be told of, and when. */
export function eventNames(): [EventName, string][] {
  return [
    ["sms:sent", t`A message was handed to the network`],
    ["sms:delivered", t`A message arrived`],
    ["sms:failed", t`A message could not be sent`],
    ["sms:received", t`Somebody wrote to one of your SIMs`],
    ["contact:opted_out", t`A number opted out`],
    ["contact:opted_in", t`A number opted in again`],
    ["device:online", t`A phone connected`],
    ["device:offline", t`A phone went away`],
    ["sim:unhealthy", t`A SIM fails most of its messages`],
    ["sim:healthy", t`A SIM that failed sends again`],
    ["webhook:suspended", t`Another webhook was suspended`],
  ];
}

/** `booking.example.com` */
export function hostOf(url: string): string {
  return new URL(url).host;
}

/** `/hooks/smskit?x=1` */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

export interface LogFilter {
  status?: string;
  event?: string;
  probes?: boolean;
}

export function useWebhook(webhookId: string) {
  return useQuery({
    queryKey: ["webhooks", webhookId],
    queryFn: () => got(api().GET("/console/webhooks/{webhookId}", { params: { path: { webhookId } } })),
  });
}

/** The log, newest event first. Pings by which the recovery asked are left out unless they are wanted. */
export function useDeliveries(webhookId: string, { status, event, probes = false }: LogFilter = {}) {
  return useInfiniteQuery({
    queryKey: ["deliveries", webhookId, { status, event, probes }],
    queryFn: ({ pageParam }) =>
      got(
        api().GET("/console/webhooks/{webhookId}/deliveries", {
          params: { path: { webhookId }, query: { limit: PAGE, status, event, probes, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? (page.cursor ?? undefined) : undefined),
    placeholderData: keepPreviousData,
  });
}

/** The last deliveries for the list's bars: one look, kept for a minute. */
export function useLastDeliveries(webhookId: string) {
  return useQuery({
    queryKey: ["last-deliveries", webhookId],
    queryFn: () =>
      got(
        api().GET("/console/webhooks/{webhookId}/deliveries", {
          params: { path: { webhookId }, query: { limit: PAGE, probes: false } },
        }),
      ),
    staleTime: 60_000,
  });
}

/** Asks for something of a webhook; what is shown of it is fetched anew then. */
export function useAsk<T, V = void>(webhookId: string, ask: (wanted: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({
    // A rotated secret is in the answer: it goes from memory with the dialog.
    gcTime: 0,
    mutationFn: ask,
    onSuccess: async () => {
      void client.invalidateQueries({ queryKey: ["deliveries", webhookId] });
      await client.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
}

export function usePing(webhookId: string) {
  return useAsk(webhookId, () => got(api().POST("/console/webhooks/{webhookId}/ping", { params: { path: { webhookId } } })));
}

export function useEnable(webhookId: string) {
  return useAsk(webhookId, () => got(api().POST("/console/webhooks/{webhookId}/enable", { params: { path: { webhookId } } })));
}

export function useReplay(webhookId: string) {
  return useAsk(webhookId, (deliveryId: string) =>
    got(
      api().POST("/console/webhooks/{webhookId}/deliveries/{deliveryId}/replay", {
        params: { path: { webhookId, deliveryId } },
      }),
    ),
  );
}

export function useReplaySince(webhookId: string) {
  return useAsk(webhookId, (since: string) =>
    got(api().POST("/console/webhooks/{webhookId}/replay", { params: { path: { webhookId } }, body: { since } })),
  );
}

export function useRotateSecret(webhookId: string) {
  return useAsk(webhookId, () =>
    got(api().POST("/console/webhooks/{webhookId}/rotate-secret", { params: { path: { webhookId } } })),
  );
}

export function useChangeWebhook(webhookId: string) {
  return useAsk(webhookId, (body: Schemas["ChangeWebhook"]) =>
    got(api().PATCH("/console/webhooks/{webhookId}", { params: { path: { webhookId } }, body })),
  );
}
