import { plural, t } from "@lingui/core/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import { every, type Schemas } from "../../api/queries";
import { budgetOf } from "../overview/Fleet";

export type Phone = Schemas["ConsoleDevice"];
export type Sim = Schemas["ConsoleSim"];
export type Standing = "online" | "offline" | "disabled";

/** Less than this share of its limit left is little. */
export const LOW = 0.2;
/** A count of the API that stops here also stands for more. */
const COUNTED_TO = 1_000;

export function standing(phone: Phone): Standing {
  if (!phone.isEnabled) return "disabled";
  return phone.status === "Online" ? "online" : "offline";
}

export function standingWord(phone: Phone): string {
  return { online: t`Online`, offline: t`Offline`, disabled: t`Disabled` }[standing(phone)];
}

/** `Safaricom`, or the SIM's place in the phone where its network isn't known. */
export function simTitle(sim: Sim): string {
  const slot = sim.simSlot + 1;
  return sim.carrierName || t`SIM ${slot}`;
}

/** `Sent 49 of its last 50 messages` */
export function sentSaid({ sentShare, tries }: Schemas["SimHealth"]): string {
  if (sentShare === undefined) return "";
  const sent = Math.round(sentShare * tries);
  return plural(tries, { one: `Sent ${sent} of its # message so far`, other: `Sent ${sent} of its last # messages` });
}

/** What the phones that are online have left this hour, and what waits on all of them. */
export function fleetOf(phones: Phone[]) {
  const budgets = phones.map(budgetOf);
  return {
    online: phones.filter((phone) => standing(phone) === "online").length,
    left: budgets.reduce((sum, budget) => sum + budget.left, 0),
    limit: budgets.reduce((sum, budget) => sum + budget.limit, 0),
    queued: phones.reduce((sum, phone) => sum + phone.pendingJobCount, 0),
    isMore: phones.some((phone) => phone.pendingJobCount >= COUNTED_TO),
  };
}

/** A phone; with a pace it is asked for at that, not only when something changed. */
export function usePhone(deviceId: string, pace?: number) {
  return useQuery({
    queryKey: ["phones", deviceId],
    queryFn: () => got(api().GET("/console/devices/{deviceId}", { params: { path: { deviceId } } })),
    refetchInterval: pace ? every(pace) : false,
  });
}

export function useHeartbeats(deviceId: string) {
  return useQuery({
    queryKey: ["phones", deviceId, "heartbeats"],
    queryFn: () => got(api().GET("/console/devices/{deviceId}/heartbeats", { params: { path: { deviceId } } })),
  });
}

/** Changes a phone. It is pending until what is shown knows of it. */
export function useChangePhone(deviceId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Schemas["ChangeDevice"]) =>
      got(api().PATCH("/console/devices/{deviceId}", { params: { path: { deviceId } }, body: change })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["phones"] }),
  });
}

export function useChangeSim(deviceId: string, simSlot: number) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Schemas["ChangeSim"]) =>
      got(
        api().PATCH("/console/devices/{deviceId}/sims/{simSlot}", {
          params: { path: { deviceId, simSlot: String(simSlot) } },
          body: change,
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["phones"] }),
  });
}

export function useRemovePhone(deviceId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => got(api().DELETE("/console/devices/{deviceId}", { params: { path: { deviceId } } })),
    onSuccess: () => void client.invalidateQueries({ queryKey: ["phones"], exact: true }),
  });
}
