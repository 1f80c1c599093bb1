import { t } from "@lingui/core/macro";
import type { Schemas } from "../../api/queries";

export type Entry = Schemas["AuditEntryView"];

/** One sentence an action. `who` and `what` are the person and the thing, as they shall stand in it. */
type Sentence = (who: string, what: string) => string;

/** Every action of the log; one that a newer API knows is shown as it is named. */
const SENTENCES: Record<Entry["action"], Sentence> = {
  "member.invited": (who, what) => t`${who} invited ${what}`,
  "member.role-changed": (who, what) => t`${who} changed the role of ${what}`,
  "member.removed": (who, what) => t`${who} removed member ${what}`,
  "client.created": (who, what) => t`${who} made API client ${what}`,
  "client.changed": (who, what) => t`${who} changed API client ${what}`,
  "client.suspended": (who, what) => t`${who} suspended API client ${what}`,
  "client.resumed": (who, what) => t`${who} resumed API client ${what}`,
  "client-key.rotated": (who, what) => t`${who} made a new key for API client ${what}`,
  "client-key.removed": (who, what) => t`${who} removed a key of API client ${what}`,
  "device.changed": (who, what) => t`${who} changed phone ${what}`,
  "sim.changed": (who, what) => t`${who} changed a SIM of phone ${what}`,
  "device.revoked": (who, what) => t`${who} removed phone ${what}`,
  "pairing-code.created": (who) => t`${who} made a code to pair a phone`,
  "pairing-code.cancelled": (who) => t`${who} cancelled a code to pair a phone`,
  "webhook.registered": (who, what) => t`${who} added webhook ${what}`,
  "webhook.changed": (who, what) => t`${who} changed webhook ${what}`,
  "webhook.removed": (who, what) => t`${who} removed webhook ${what}`,
  "webhook.pinged": (who, what) => t`${who} pinged webhook ${what}`,
  "webhook.enabled": (who, what) => t`${who} enabled webhook ${what}`,
  "webhook-secret.rotated": (who, what) => t`${who} made a new secret for webhook ${what}`,
  "delivery.replayed": (who, what) => t`${who} had delivery ${what} sent again`,
  "webhook.replayed": (who, what) => t`${who} had what webhook ${what} missed sent again`,
  "settings.changed": (who) => t`${who} changed the settings`,
  "account.renamed": (who) => t`${who} renamed the account`,
  "contact.changed": (who, what) => t`${who} changed the name or note of a number ending in ${what}`,
  "number.erased": (who, what) => t`${who} erased the messages to a number ending in ${what}`,
  "message.queued": (who, what) => t`${who} sent message ${what}`,
  "message.cancelled": (who, what) => t`${who} cancelled message ${what}`,
  "message.rescheduled": (who, what) => t`${who} moved message ${what} to another time`,
  "batch.queued": (who, what) => t`${who} sent batch ${what}`,
  "batch.cancelled": (who, what) => t`${who} cancelled batch ${what}`,
  "template.created": (who, what) => t`${who} added template ${what}`,
  "template.changed": (who, what) => t`${who} changed template ${what}`,
  "template.removed": (who, what) => t`${who} removed template ${what}`,
  "reply.queued": (who, what) => t`${who} replied with message ${what}`,
  "conversation.read": (who, what) => t`${who} marked conversation ${what} read`,
  "opt-out.added": (who, what) => t`${who} opted out a number ending in ${what}`,
  "opt-out.removed": (who, what) => t`${who} opted in a number ending in ${what}`,
};

/** What an entry says, in whole sentences. */
export function sentence(entry: Entry, who: string, what: string): string {
  const { action } = entry;
  const made = SENTENCES[action] as Sentence | undefined;
  return made?.(who, what) ?? t`${who}: ${action} ${what}`;
}
