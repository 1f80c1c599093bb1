import { t } from "@lingui/core/macro";
import type { Attempt } from "./webhooks";

/** What a try came to: `It answered 503`, or why there was no answer. */
export function outcome(attempt: Attempt): string {
  const { status } = attempt;
  if (status !== undefined && status !== null) return t`It answered ${status}`;
  const [kind = "", detail] = attempt.error?.split(": ") ?? [];
  return FAILURES[kind]?.(detail) ?? attempt.error ?? t`It did not answer`;
}

const FAILURES: Record<string, (detail?: string) => string> = {
  dns: () => t`Its host name was not found`,
  connect: () => t`No connection was possible`,
  tls: (detail) => (detail ? t`No secure connection was possible: ${detail}` : t`No secure connection was possible`),
  deadline: () => t`It did not answer in time`,
  closed: () => t`It closed the connection without an answer`,
  protocol: () => t`It did not answer in HTTP`,
  "refused-address": () => t`Its address is not a public one`,
  "invalid-url": () => t`Its URL is not one that events may go to`,
};
