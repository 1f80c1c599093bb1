import { t } from "@lingui/core/macro";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { useClientNames, useMembers } from "../../api/account";
import { api, got } from "../../api/client";
import { serverNow } from "../../api/clock";
import { every, PACE, type Schemas } from "../../api/queries";
import type { paths } from "../../api/schema";

export type Batch = Schemas["BatchView"];
export type Detail = Schemas["BatchDetail"];
export type Counts = Schemas["BatchCounts"];
type Status = NonNullable<paths["/console/batches/{batchId}/messages"]["get"]["parameters"]["query"]>["status"];

const PAGE = 20;
const MESSAGES = 50;
const HOUR_MS = 3_600_000;
const PERSON = "operator:";

export function useBatches() {
  return useInfiniteQuery({
    queryKey: ["batches"],
    queryFn: ({ pageParam }) => got(api().GET("/console/batches", { params: { query: { limit: PAGE, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? page.cursor : undefined),
  });
}

/**
 * A batch with its counts, asked for anew until it has settled: each message that is sent anywhere would be a reason to
 * ask for every batch that a list shows, and the counts are up to a minute late in any case.
 */
export function useBatch(batchId: string) {
  return useQuery({
    queryKey: ["batch", batchId],
    queryFn: () => got(api().GET("/console/batches/{batchId}", { params: { path: { batchId } } })),
    refetchInterval: (query) => (query.state.data && isSettled(query.state.data) ? false : every(PACE.overview)(query)),
  });
}

/** Whether its counts stay as they are; a delivery report comes within the hour, or hardly ever. */
function isSettled({ counts, createdAt, sendAt }: Detail): boolean {
  const isReported = counts.sent === 0 || serverNow() - Date.parse(sendAt ?? createdAt) > HOUR_MS;
  return openOf(counts) === 0 && isReported;
}

/** Its messages in the order of the rows, or those in some of the states. */
export function useBatchMessages(batchId: string, status: string | undefined) {
  return useInfiniteQuery({
    queryKey: ["batch-messages", batchId, status],
    queryFn: ({ pageParam }) =>
      got(
        api().GET("/console/batches/{batchId}/messages", {
          params: { path: { batchId }, query: { limit: MESSAGES, status: status as Status, cursor: pageParam } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? page.cursor : undefined),
  });
}

export function useCancel(batchId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => got(api().POST("/console/batches/{batchId}/cancel", { params: { path: { batchId } } })),
    onSuccess: (detail) => {
      client.setQueryData(["batch", batchId], detail);
      void client.invalidateQueries({ queryKey: ["batches"] });
      void client.invalidateQueries({ queryKey: ["batch-messages", batchId] });
    },
  });
}

/** Who sent a batch, by name: a program, or a person of the account. */
export function useSenders(): (clientId: string) => string {
  const clients = useClientNames();
  const { data: members = [] } = useMembers();
  return (clientId) => {
    if (!clientId.startsWith(PERSON)) return clients.get(clientId) ?? clientId;
    const personId = clientId.slice(PERSON.length);
    return members.find((one) => one.personId === personId)?.email ?? t`Somebody who left`;
  };
}

/** How many no phone has taken so far: what cancelling withdraws. */
export function waitingOf({ scheduled, pending }: Counts): number {
  return scheduled + pending;
}

/** How many may still change. */
export function openOf(counts: Counts): number {
  return waitingOf(counts) + counts.assigned;
}

export function isScheduled({ sendAt, cancelledAt }: Batch): boolean {
  return cancelledAt === undefined && sendAt !== undefined && Date.parse(sendAt) > serverNow();
}
