import { t } from "@lingui/core/macro";
import type { Schemas } from "../../api/queries";
import type { IconName } from "../../parts/Icon";
import type { Role } from "../../session/role";

export type StepName = "pair" | "test" | "key" | "webhook";

/** Who may take a step. */
export const LEAST: Record<StepName, Role> = { pair: "operator", test: "operator", key: "owner", webhook: "owner" };

export interface Step {
  name: StepName;
  isDone: boolean;
  icon: IconName;
  title: string;
  says: string;
  verb: string;
  /** Why it can't be done yet. */
  waits?: string;
}

/** What it takes from an empty account to a system that works, in order. */
export function allSteps(steps: Schemas["StepsView"]): Step[] {
  return [
    {
      name: "pair",
      isDone: steps.devicePaired,
      icon: "phone",
      title: t`Pair the first phone`,
      says: t`Install the SMSKit app on an Android phone, then scan a code. Takes about two minutes.`,
      verb: t`Pair a phone`,
    },
    {
      name: "test",
      isDone: steps.messageSent,
      icon: "send",
      title: t`Send yourself a message`,
      says: t`To your own number. You see each step of it as it happens.`,
      verb: t`Send a test`,
      waits: steps.devicePaired ? undefined : t`Pair a phone first`,
    },
    {
      name: "key",
      isDone: steps.clientCreated,
      icon: "key",
      title: t`Make an API key`,
      says: t`For the program that will send. The key is shown once.`,
      verb: t`New API client`,
    },
    {
      name: "webhook",
      isDone: steps.webhookRegistered,
      icon: "webhook",
      title: t`Get events in your program`,
      says: t`Register a webhook, so that you need not ask for the status of each message. Optional.`,
      verb: t`Add a webhook`,
    },
  ];
}

/** Where a step is taken: on the overview itself. */
export function pathOf(name: StepName): string {
  return `/?step=${name}`;
}

/** The step that an address names. */
export function stepOf(asked: string | undefined): StepName | undefined {
  return asked !== undefined && asked in LEAST ? (asked as StepName) : undefined;
}
