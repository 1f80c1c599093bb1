import { useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { useEffect } from "preact/hooks";
import { api, got } from "../../../api/client";
import { Problem } from "../../../api/problems";
import { every, PACE, type Schemas } from "../../../api/queries";
import { useNow } from "../../../parts/now";

export type Code = Schemas["NewPairingCode"];

/** Where a pairing is: the code is being made, waits for its phone, has ended, or a phone has used it. */
export type Pairing =
  | { stage: "making" }
  | { stage: "failed"; error: unknown }
  | { stage: "waiting"; code: Code; leftMs: number }
  | { stage: "ended" }
  | { stage: "joined"; deviceId: string };

/** One pairing, begun at once. `cancel` makes the code worthless, `again` makes another one. */
export function usePairing() {
  const client = useQueryClient();
  // The code is a secret: it goes from memory with the dialog.
  const making = useMutation({ gcTime: 0, mutationFn: () => got(api().POST("/console/pairing-codes")) });
  const begin = making.mutate;
  useEffect(() => begin(), [begin]);
  const code = making.data;
  const { data: seen } = useQuery({
    queryKey: ["pairing-codes"],
    queryFn: async () => (await got(api().GET("/console/pairing-codes"))).codes,
    enabled: code !== undefined,
    gcTime: 0,
    refetchInterval: (query) =>
      query.state.data?.find((one) => one.codeId === code?.codeId)?.usedAt ? false : every(PACE.pairing)(query),
  });
  const used = seen?.find((one) => one.codeId === code?.codeId && one.usedAt);
  const now = useNow(code !== undefined && !used);
  const deviceId = used?.deviceId;
  useEffect(() => {
    if (!deviceId) return;
    void client.invalidateQueries({ queryKey: ["phones"] });
    void client.invalidateQueries({ queryKey: ["overview"] });
  }, [deviceId]);

  const cancelling = useMutation({
    mutationFn: async (codeId: string) => {
      try {
        await got(api().DELETE("/console/pairing-codes/{codeId}", { params: { path: { codeId } } }));
      } catch (error) {
        // It has ended, or a phone was quicker: the next look at the codes tells which.
        if (!(error instanceof Problem) || error.status !== 404) throw error;
        await client.refetchQueries({ queryKey: ["pairing-codes"] });
      }
    },
  });
  return { pairing: pairingOf(making, code, deviceId, now), cancelling, again: () => begin() };
}

function pairingOf(making: { error: unknown; isPending: boolean }, code: Code | undefined, deviceId: string | undefined, now: number): Pairing {
  if (deviceId) return { stage: "joined", deviceId };
  if (making.error) return { stage: "failed", error: making.error };
  if (making.isPending || !code) return { stage: "making" };
  const leftMs = Date.parse(code.expiresAt) - now;
  return leftMs > 0 ? { stage: "waiting", code, leftMs } : { stage: "ended" };
}
