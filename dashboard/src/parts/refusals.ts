import { t } from "@lingui/core/macro";
import { Problem } from "../api/problems";
import { problemTitle } from "./Loading";

/** Why the API didn't take a message, in words. */
export function refusal(error: unknown): string {
  if (!(error instanceof Problem)) return problemTitle(error);
  return REASONS[error.kind]?.() ?? problemTitle(error);
}

const REASONS: Record<string, () => string> = {
  "recipient-opted-out": () => t`The number has opted out`,
  "no-eligible-device": () => t`No phone is online that could send it`,
  "foreign-device": () => t`The phone is no longer there`,
  "unknown-template": () => t`The template is no longer there`,
  "not-replyable": () => t`This sender takes no replies`,
  "idempotency-conflict": () => t`It was sent before, with another text`,
};
