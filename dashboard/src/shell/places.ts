import { t } from "@lingui/core/macro";
import type { IconName } from "../parts/Icon";
import type { Role } from "../session/role";

export interface Place {
  path: string;
  icon: IconName;
  /** The letter that goes there behind `G`. */
  key?: string;
  least?: Role;
  name: () => string;
}

/** Where people go every day; the first, second, fourth and fifth stand in the tab bar too. */
export const DAILY: Place[] = [
  { path: "/", icon: "overview", key: "o", name: () => t`Overview` },
  { path: "/inbox", icon: "inbox", key: "i", name: () => t`Inbox` },
  { path: "/send", icon: "send", key: "s", least: "operator", name: () => t`Send` },
  { path: "/messages", icon: "messages", key: "m", name: () => t`Messages` },
  { path: "/phones", icon: "phone", key: "p", name: () => t`Phones` },
];

/** What sending takes beyond a message: to many people, and by which SIM. */
export const SENDING: Place[] = [
  { path: "/batches", icon: "batches", name: () => t`Batches` },
  { path: "/templates", icon: "template", name: () => t`Templates` },
  { path: "/routing", icon: "routing", name: () => t`Routing rules` },
];

export const CONNECT: Place[] = [
  { path: "/webhooks", icon: "webhook", key: "w", name: () => t`Webhooks` },
  { path: "/clients", icon: "key", key: "c", name: () => t`API clients` },
  { path: "/docs", icon: "info", name: () => t`API reference` },
];

export const ACCOUNT: Place[] = [
  { path: "/opt-outs", icon: "optout", name: () => t`Opt-outs` },
  { path: "/usage", icon: "usage", key: "u", name: () => t`Usage` },
  { path: "/members", icon: "members", name: () => t`Members` },
  { path: "/audit", icon: "audit", least: "owner", name: () => t`Audit log` },
  { path: "/settings", icon: "settings", name: () => t`Settings` },
];

export const PLACES = [...DAILY, ...SENDING, ...CONNECT, ...ACCOUNT];

/** Whether an address is this place, or something in it. */
export function isAt(place: Place, path: string): boolean {
  return place.path === "/" ? path === "/" : path === place.path || path.startsWith(`${place.path}/`);
}
