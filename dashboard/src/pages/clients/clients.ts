import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import type { Schemas } from "../../api/queries";

export type Client = Schemas["ClientView"];
export type Slot = 1 | 2;

export function useClients() {
  return useInfiniteQuery({
    queryKey: ["clients"],
    queryFn: ({ pageParam }) => got(api().GET("/console/clients", { params: { query: { limit: 50, cursor: pageParam } } })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => (page.hasMore ? (page.cursor ?? undefined) : undefined),
  });
}

export function useClient(clientId: string) {
  return useQuery({
    queryKey: ["client", clientId],
    queryFn: () => got(api().GET("/console/clients/{clientId}", { params: { path: { clientId } } })),
  });
}

/** Changes something of a client. It is pending until what is shown knows of it. */
function useAct<T, V = void>(act: (wanted: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({
    // A new key may be in the answer: it goes from memory with the dialog.
    gcTime: 0,
    mutationFn: act,
    onSuccess: () =>
      Promise.all([client.invalidateQueries({ queryKey: ["clients"] }), client.invalidateQueries({ queryKey: ["client"] })]),
  });
}

export function useCreateClient() {
  const client = useQueryClient();
  return useAct(async (body: Schemas["CreateClient"]) => {
    const made = await got(api().POST("/console/clients", { body }));
    void client.invalidateQueries({ queryKey: ["overview"] });
    return made;
  });
}

export function useChangeClient(clientId: string) {
  return useAct((body: Schemas["ChangeClient"]) =>
    got(api().PATCH("/console/clients/{clientId}", { params: { path: { clientId } }, body })),
  );
}

export function useSuspend(clientId: string) {
  return useAct(() => got(api().POST("/console/clients/{clientId}/suspend", { params: { path: { clientId } } })));
}

export function useResume(clientId: string) {
  return useAct(() => got(api().POST("/console/clients/{clientId}/resume", { params: { path: { clientId } } })));
}

export function useRotateKey(clientId: string) {
  return useAct((slot: Slot) =>
    got(api().POST("/console/clients/{clientId}/rotate-key", { params: { path: { clientId } }, body: { slot } })),
  );
}

export function useRemoveKey(clientId: string) {
  return useAct((slot: Slot) =>
    got(api().POST("/console/clients/{clientId}/remove-key", { params: { path: { clientId } }, body: { slot } })),
  );
}
