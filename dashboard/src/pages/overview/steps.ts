import { t } from "@lingui/core/macro";
import type { Schemas } from "../../api/queries";
import type { IconName } from "../../parts/Icon";
import type { Role } from "../../session/role";

export interface Step {
  isDone: boolean;
  least: Role;
  icon: IconName;
  title: string;
  says: string;
  verb: string;
  path: string;
  /** Why it can't be done yet. */
  waits?: string;
}

/** What it takes from an empty account to a system that works, in order. */
export function allSteps(steps: Schemas["StepsView"]): Step[] {
  return [
    {
      isDone: steps.devicePaired,
      least: "operator",
      icon: "phone",
      title: t`Pair the first phone`,
      says: t`Install the SMSKit app on an Android phone, then scan a code. Takes about two minutes.`,
      verb: t`Pair a phone`,
      path: "/phones?pair=1",
    },
    {
      isDone: steps.messageSent,
      least: "operator",
      icon: "send",
      title: t`Send yourself a message`,
      says: t`From the Send page, to your own number. You see each step of it there.`,
      verb: t`Send a test`,
      path: "/send",
      waits: steps.devicePaired ? undefined : t`Pair a phone first`,
    },
    {
      isDone: steps.clientCreated,
      least: "owner",
      icon: "key",
      title: t`Make an API key`,
      says: t`For the program that will send. The key is shown once.`,
      verb: t`New API client`,
      path: "/clients?new=1",
    },
    {
      isDone: steps.webhookRegistered,
      least: "owner",
      icon: "webhook",
      title: t`Get events in your program`,
      says: t`Register a webhook, so that you need not ask for the status of each message. Optional.`,
      verb: t`Add a webhook`,
      path: "/webhooks?new=1",
    },
  ];
}
