import { plural, t } from "@lingui/core/macro";
import type { NamedPhone } from "../../api/account";
import type { Schemas } from "../../api/queries";
import type { IconName } from "../../parts/Icon";
import { duration } from "../../texts/formats";

type Message = Schemas["MessageView"];
type Phone = NamedPhone;
type Entry = Schemas["TimelineEntryView"];

/** `Front desk · SIM 1`; the id of a phone that is no longer there. */
export function simName(phones: Phone[], deviceId?: string | null, simSlot?: number | null): string {
  if (!deviceId) return "";
  const phone = phones.find((one) => one.deviceId === deviceId)?.name ?? deviceId;
  const slot = (simSlot ?? 0) + 1;
  return simSlot === undefined || simSlot === null ? phone : t`${phone} · SIM ${slot}`;
}

/** `SIM 1, Safaricom`: the SIM of a phone that is named already. */
function simOf(phones: Phone[], deviceId?: string | null, simSlot?: number | null): string {
  if (simSlot === undefined || simSlot === null) return "";
  const carrier = carrierOf(phones, deviceId, simSlot);
  const slot = simSlot + 1;
  return carrier ? t`SIM ${slot}, ${carrier}` : t`SIM ${slot}`;
}

function carrierOf(phones: Phone[], deviceId?: string | null, simSlot?: number | null): string | undefined {
  const phone = phones.find((one) => one.deviceId === deviceId);
  return phone?.sims?.find((sim) => sim.simSlot === simSlot)?.carrierName || undefined;
}

/** `Front desk · SIM 1, Safaricom` */
export function simAndCarrier(phones: Phone[], deviceId?: string | null, simSlot?: number | null): string {
  const carrier = carrierOf(phones, deviceId, simSlot);
  const name = simName(phones, deviceId, simSlot);
  return carrier ? t`${name}, ${carrier}` : name;
}

/** Why a message didn't arrive, in words; the API's own where there are none for its code. */
export function reason(message: Pick<Message, "error" | "attempts"> & Partial<Pick<Message, "createdAt" | "expiresAt">>): string {
  const { error, attempts, createdAt, expiresAt } = message;
  if (!error) return "";
  if (error.code === "expired" && createdAt && expiresAt) {
    const span = duration(Date.parse(expiresAt) - Date.parse(createdAt));
    return t`Expired: no phone could take it in ${span}`;
  }
  const said = REASONS[error.code]?.() ?? error.message;
  const tries = plural(attempts, { one: "# try", other: "# tries" });
  return attempts > 1 ? t`${said}, ${tries}` : said;
}

const REASONS: Record<string, () => string> = {
  expired: () => t`Expired: no phone could take it in time`,
  no_service: () => t`No service on the SIM`,
  radio_off: () => t`The phone was in airplane mode`,
  no_credit: () => t`The SIM has no credit`,
  limit_exceeded: () => t`The phone's own limit was reached`,
  sim_absent: () => t`The SIM is not in the phone`,
  invalid_number: () => t`The number is not valid on the network`,
  fdn_blocked: () => t`The SIM may send to fixed numbers only`,
  short_code_refused: () => t`The phone may not send to short numbers`,
  permission_denied: () => t`The app on the phone may not send SMS`,
  generic_failure: () => t`The network refused it`,
  null_pdu: () => t`The network refused it`,
  unknown_outcome: () => t`Outcome unknown: the phone lost track of it`,
  outcome_unknown: () => t`Outcome unknown: the phone did not report`,
  "attempts-exhausted": () => t`No phone got it sent`,
  "sim-disabled": () => t`The SIM it was for is disabled`,
  "device-disabled": () => t`The phone it was for is disabled`,
  "device-revoked": () => t`The phone it was for was removed`,
  "opted-out": () => t`The number has opted out`,
  "dispatch-error": () => t`It could not be dispatched`,
  "no-such-sim": () => t`It has no such SIM`,
  "too-many-open": () => t`It has too much in hand`,
  "journal-failed": () => t`Its storage is full or broken`,
  shutdown: () => t`It was being switched off`,
};

export interface Step {
  icon: IconName;
  tone: string;
  title: string;
  says?: string;
}

/** What a step of the timeline says. An event that isn't known is shown as it is. */
export function step(entry: Entry, phones: Phone[]): Step {
  const phone = phones.find((one) => one.deviceId === entry.deviceId)?.name ?? entry.deviceId ?? "";
  const sim = simOf(phones, entry.deviceId, entry.simSlot);
  const made = STEPS[entry.event];
  const carrier = carrierOf(phones, entry.deviceId, entry.simSlot);
  return made ? made({ phone, sim, carrier, detail: entry.detail ?? undefined, why: chosen(entry, phone) }) : { icon: "info", tone: "", title: entry.event, says: entry.detail ?? undefined };
}

interface Facts {
  phone: string;
  sim: string;
  carrier?: string;
  detail?: string;
  why?: string;
}

/** That a phone has a message, and why it was this SIM. */
function chosen({ choice, rule = "" }: Entry, phone: string): string {
  switch (choice) {
    case "named":
      return t`${phone} has it: the sender named it`;
    case "known":
      return t`${phone} has it: the recipient wrote to this SIM last`;
    case "rule":
      return t`${phone} has it: the routing rule “${rule}” names this SIM`;
    case "fallback":
      return t`${phone} has it: the SIMs of the routing rule “${rule}” were not free`;
    case "free":
      return t`${phone} has it: this SIM was free`;
    default:
      return t`${phone} has it, and may send it`;
  }
}

/** What a code of a phone or the network says, or the code. */
function detailSaid(detail?: string): string | undefined {
  return detail && (REASONS[detail]?.() ?? detail);
}

const STEPS: Record<string, (facts: Facts) => Step> = {
  accepted: () => ({ icon: "check", tone: "", title: t`Accepted` }),
  scheduled: () => ({ icon: "clock", tone: "", title: t`Scheduled`, says: t`It waits for the time that was asked for` }),
  quiet_hours: () => ({ icon: "clock", tone: "", title: t`Held back in quiet hours`, says: t`It goes out when they end` }),
  due: () => ({ icon: "check", tone: "", title: t`Its time has come` }),
  offered: ({ phone, sim }) => ({ icon: "offer", tone: "", title: t`Offered to ${phone}`, says: sim }),
  unclaimed: ({ phone }) => ({
    icon: "clock",
    tone: "warn",
    title: t`Not claimed by ${phone}`,
    says: t`It did not answer in time, so another phone gets the message`,
  }),
  hedged: () => ({ icon: "clock", tone: "warn", title: t`Offered to a second phone, too`, says: t`The first one had not answered yet. Whichever answers first sends it` }),
  unreachable: ({ phone }) => ({
    icon: "nowifi",
    tone: "warn",
    title: t`${phone} could not be reached`,
    says: t`Its connection had gone, so another phone gets the message`,
  }),
  assigned: ({ sim, why }) => ({ icon: "phone", tone: "info", title: sim ? t`Assigned to ${sim}` : t`Assigned`, says: why }),
  declined: ({ phone, detail }) => ({ icon: "replay", tone: "warn", title: t`Declined by ${phone}`, says: detailSaid(detail) }),
  disowned: ({ phone }) => ({
    icon: "replay",
    tone: "warn",
    title: t`${phone} came back without it`,
    says: t`It had not sent it, so another phone gets the message`,
  }),
  attempt_failed: ({ phone, sim, detail }) => ({
    icon: "failed",
    tone: "warn",
    title: sim ? t`A try failed on ${phone}, ${sim}` : t`A try failed on ${phone}`,
    says: detailSaid(detail),
  }),
  sent: ({ carrier }) => ({
    icon: "check",
    tone: "info",
    title: t`Sent`,
    says: carrier ? t`Every part was handed to ${carrier}` : t`Every part was handed to the network`,
  }),
  delivered: () => ({ icon: "dcheck", tone: "ok", title: t`Delivered`, says: t`Confirmed by the recipient’s phone` }),
  failed: ({ detail }) => ({ icon: "failed", tone: "bad", title: t`Failed`, says: detailSaid(detail) }),
  outcome_unknown: ({ phone }) => ({
    icon: "alert",
    tone: "bad",
    title: t`Outcome unknown`,
    says: t`${phone} was told to send it and never said what came of it. It is not sent again, since it may have gone out`,
  }),
  dead_letter: ({ detail }) => ({ icon: "dead", tone: "bad", title: t`Given up`, says: detailSaid(detail) }),
  cancelled: () => ({ icon: "optout", tone: "", title: t`Cancelled` }),
};
