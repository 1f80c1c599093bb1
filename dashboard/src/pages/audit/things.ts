import { t } from "@lingui/core/macro";
import { useClientNames, useMembers, useNamedPhones } from "../../api/account";
import { useWebhooks } from "../../api/queries";
import type { Entry } from "./sentences";

/** What an entry was done to: its name, and where it is shown. */
export interface Thing {
  name: string;
  path?: string;
}

const COMMAND_LINE = "smskit-admin";

/** Who did it, as it stands in the sentence. */
export function personOf({ personId, email }: Entry): string {
  return personId === COMMAND_LINE ? t`An administrator` : email;
}

/** Finds the things of entries by their ids. What is gone keeps its id as its name. */
export function useThings(): (entry: Entry) => Thing {
  const clients = useClientNames();
  const phones = useNamedPhones();
  const { data: webhooks = [] } = useWebhooks();
  const { data: members = [] } = useMembers();
  return ({ action, subject, details }) => {
    const area = action.split(".")[0]!;
    if (area === "member") {
      const email = details.email ?? members.find((one) => one.personId === subject)?.email;
      return { name: email ?? t`a former member`, path: "/members" };
    }
    if (area === "client" || area === "client-key") return { name: clients.get(subject) ?? details.name ?? subject, path: `/clients/${subject}` };
    if (area === "device" || area === "sim") {
      const phone = phones.find((one) => one.deviceId === subject);
      return { name: phone?.name ?? details.name ?? subject, path: phone?.sims ? `/phones/${subject}` : undefined };
    }
    if (area === "webhook" || area === "webhook-secret") {
      const url = webhooks.find((one) => one.webhookId === subject)?.url;
      return { name: url ? new URL(url).host : subject, path: url ? `/webhooks/${subject}` : undefined };
    }
    if (area === "message" || area === "reply") return { name: subject, path: `/messages/${subject}` };
    if (area === "batch") return { name: subject, path: `/batches/${subject}` };
    if (area === "template") return { name: details.name ?? subject, path: "/templates" };
    if (area === "conversation") return { name: subject, path: `/inbox/${subject}` };
    if (area === "opt-out") return { name: subject.replace("…", ""), path: "/opt-outs" };
    if (area === "number" || area === "contact") return { name: subject.replace("…", "") };
    return { name: subject };
  };
}

/** The details of an entry that say more than its sentence. */
export function detailsOf({ action, details }: Entry): string[] {
  const { before, after } = details;
  if (action === "account.renamed" && before && after) return [t`From ${before} to ${after}`];
  if (action === "member.role-changed" && before && after) {
    const [from, to] = [roleWord(before), roleWord(after)];
    return [t`From ${from} to ${to}`];
  }
  return Object.entries(details).flatMap(([name, value]) => DETAILS[name]?.(value) ?? []);
}

function roleWord(role: string): string {
  return { viewer: t`viewer`, operator: t`operator`, owner: t`owner` }[role] ?? role;
}

const DETAILS: Record<string, (value: string) => string[]> = {
  role: (value) => {
    const role = roleWord(value);
    return [t`As ${role}`];
  },
  limit: (limit) => [t`${limit} requests an hour`],
  slot: (slot) => [t`Key slot ${slot}`],
  simSlot: (value) => {
    const slot = Number(value) + 1;
    return [t`SIM ${slot}`];
  },
  hourlyLimit: (limit) => [t`${limit} segments an hour`],
  isEnabled: (value) => [value === "True" ? t`Enabled` : t`Disabled`],
  evenShare: (value) => (value === "True" ? [t`An even share of the phone's limit`] : []),
  changed: (names) => names.split(" ").map(settingName),
};

/** The settings by the API's names for them. */
function settingName(name: string): string {
  return (
    {
      defaultValiditySeconds: t`How long a message may wait`,
      retentionDays: t`How long messages are kept`,
      timeZone: t`Time zone`,
      confirmOptOut: t`Confirmation by SMS`,
      confirm: t`Confirmation by SMS`,
      optOutText: t`Text after opting out`,
      optInText: t`Text after opting in`,
      helpText: t`Answer to help`,
      stopWords: t`Words that opt out`,
      startWords: t`Words that opt in`,
      helpWords: t`Words that ask for help`,
      routingRules: t`Routing rules`,
      name: t`Name`,
      note: t`Note`,
    }[name] ?? name
  );
}
