import { t } from "@lingui/core/macro";
import type { Entry } from "./sentences";

export const AREAS = ["people", "clients", "phones", "webhooks", "messages", "opt-outs", "account"] as const;
export type Area = (typeof AREAS)[number];

export function areaName(area: Area): string {
  return {
    people: t`Members`,
    clients: t`API clients`,
    phones: t`Phones`,
    webhooks: t`Webhooks`,
    messages: t`Messages`,
    "opt-outs": t`Opt-outs`,
    account: t`Account`,
  }[area];
}

const OF: Record<string, Area> = {
  member: "people",
  client: "clients",
  "client-key": "clients",
  device: "phones",
  sim: "phones",
  "pairing-code": "phones",
  webhook: "webhooks",
  "webhook-secret": "webhooks",
  delivery: "webhooks",
  message: "messages",
  batch: "messages",
  template: "messages",
  reply: "messages",
  conversation: "messages",
  contact: "messages",
  "opt-out": "opt-outs",
};

export function areaOf({ action }: Entry): Area {
  return OF[action.split(".")[0]!] ?? "account";
}
