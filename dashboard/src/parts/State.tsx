import { t } from "@lingui/core/macro";
import { Icon, type IconName } from "./Icon";

type Look = { icon: IconName; tone: string; word: () => string };

const LOOKS: Record<string, Look> = {
  Scheduled: { icon: "clock", tone: "pending", word: () => t`Scheduled` },
  Pending: { icon: "clock", tone: "pending", word: () => t`Pending` },
  Assigned: { icon: "phone", tone: "assigned", word: () => t`Assigned` },
  Sent: { icon: "check", tone: "sent", word: () => t`Sent` },
  Delivered: { icon: "dcheck", tone: "delivered", word: () => t`Delivered` },
  Failed: { icon: "failed", tone: "failed", word: () => t`Failed` },
  DeadLetter: { icon: "dead", tone: "dead", word: () => t`Dead letter` },
  Cancelled: { icon: "optout", tone: "cancelled", word: () => t`Cancelled` },
  Active: { icon: "okc", tone: "active", word: () => t`Active` },
  Recovering: { icon: "replay", tone: "recovering", word: () => t`Recovering` },
  Suspended: { icon: "alert", tone: "suspended", word: () => t`Suspended` },
  Waiting: { icon: "clock", tone: "pending", word: () => t`Waiting` },
  Skipped: { icon: "skip", tone: "skipped", word: () => t`Skipped` },
};

/** A state: icon and word, always both. `chip` for heads, plain in tables. */
export function State({ of, chip = false }: { of: string; chip?: boolean }) {
  const look = LOOKS[of];
  if (!look) return <span class="st">{of}</span>;
  return (
    <span class={`st st-${look.tone}${chip ? " chip" : ""}`}>
      <Icon name={look.icon} />
      {look.word()}
    </span>
  );
}

/** The icon alone for who sees, where a line has no room for the word. */
export function StateIcon({ of }: { of: string }) {
  const look = LOOKS[of];
  if (!look) return null;
  return (
    <span class={`only-icon of-${look.tone}`}>
      <Icon name={look.icon} />
      <span class="sr">{look.word()}</span>
    </span>
  );
}

/** The word alone, for sentences and choices. */
export function stateWord(of: string): string {
  return LOOKS[of]?.word() ?? of;
}
