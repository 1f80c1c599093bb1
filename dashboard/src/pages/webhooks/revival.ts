import { t } from "@lingui/core/macro";
import { signal } from "@preact/signals";
import { api, got } from "../../api/client";
import { queries } from "../../api/queries";
import { toast } from "../../parts/toasts";
import { type Attempt, hostOf, type Webhook } from "./webhooks";

/**
 * How far the enabling of a suspended webhook has come: its answer is waited for, or it didn't take the ping, or it is
 * Active again and what it missed could not be asked for.
 */
export type Revival =
  | { stage: "asking" }
  | { stage: "refused"; attempt: Attempt }
  | { stage: "silent" }
  | { stage: "failed"; error: unknown }
  | { stage: "unsent"; error: unknown; suspended: Webhook };

const LOOK_MS = 1_500;
const PATIENCE_MS = 90_000;
/** An endpoint is given up after 24 hours without an answer it likes; what waited in them was skipped as well. */
const MISSED_MS = (24 * 60 + 5) * 60_000;

/** By webhook. They go on while other pages are looked at. */
export const revivals = signal<Record<string, Revival>>({});

function note(webhookId: string, revival: Revival | undefined): void {
  const { [webhookId]: _, ...others } = revivals.value;
  revivals.value = revival ? { ...others, [webhookId]: revival } : others;
}

/** One act: ping, wait until the endpoint is Active, then send what it missed, if that is wanted. */
export async function revive(webhook: Webhook, sendMissed: boolean): Promise<void> {
  const { webhookId } = webhook;
  const host = hostOf(webhook.url);
  note(webhookId, { stage: "asking" });
  try {
    const { deliveryId } = await got(api().POST("/console/webhooks/{webhookId}/enable", { params: { path: { webhookId } } }));
    const outcome = await outcomeOf(webhookId, deliveryId);
    if (outcome !== "active") return note(webhookId, outcome);
    if (sendMissed) return await sendWhatItMissed(webhook);
    note(webhookId, undefined);
    toast({ text: t`${host} is enabled` });
  } catch (error) {
    note(webhookId, { stage: "failed", error });
  } finally {
    void queries.invalidateQueries({ queryKey: ["webhooks"] });
    void queries.invalidateQueries({ queryKey: ["deliveries", webhookId] });
    void queries.invalidateQueries({ queryKey: ["overview"] });
  }
}

/** The second half of the act, which can be tried again by itself. */
export async function sendWhatItMissed(suspended: Webhook): Promise<void> {
  const { webhookId } = suspended;
  const host = hostOf(suspended.url);
  try {
    await replay(suspended);
    note(webhookId, undefined);
    toast({ text: t`${host} is enabled, and gets what it missed` });
  } catch (error) {
    note(webhookId, { stage: "unsent", error, suspended });
  }
}

async function outcomeOf(webhookId: string, deliveryId: string): Promise<"active" | Revival> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    await new Promise((go) => setTimeout(go, LOOK_MS));
    const { status } = await got(api().GET("/console/webhooks/{webhookId}", { params: { path: { webhookId } } }));
    if (status !== "Suspended") return "active";
    const attempt = await failedAttempt(webhookId, deliveryId);
    if (attempt) return { stage: "refused", attempt };
  }
  return { stage: "silent" };
}

/** The try of this ping, once it has failed. */
async function failedAttempt(webhookId: string, deliveryId: string): Promise<Attempt | undefined> {
  const { deliveries } = await got(
    api().GET("/console/webhooks/{webhookId}/deliveries", { params: { path: { webhookId }, query: { limit: 20 } } }),
  );
  const ping = deliveries.find((delivery) => delivery.deliveryId === deliveryId);
  return ping?.status === "Failed" ? ping.attempts.at(-1) : undefined;
}

async function replay({ webhookId, suspendedAt, createdAt }: Webhook): Promise<void> {
  const since = suspendedAt ? new Date(Date.parse(suspendedAt) - MISSED_MS).toISOString() : createdAt;
  await got(api().POST("/console/webhooks/{webhookId}/replay", { params: { path: { webhookId } }, body: { since } }));
}
