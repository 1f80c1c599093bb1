import { t } from "@lingui/core/macro";
import type { Attempt } from "./webhooks";

/** What a try came to: `It answered 503`, or why there was no answer. */
export function outcome(attempt: Attempt): string {
  const { status } = attempt;
  if (status !== undefined) return t`It answered ${status}`;
  return failure(attempt.error) ?? attempt.error ?? t`It did not answer`;
}

/** Why an endpoint was suspended, in words of ours where there are any for the API's reason. */
export function suspension(reason?: string): string {
  if (!reason) return t`Suspended`;
  if (reason.endsWith("410 Gone")) return t`Suspended: it answered 410 Gone`;
  const last = /^It accepted nothing for 24 hours; the last try failed: (.+)$/.exec(reason)?.[1];
  if (!last) return t`Suspended: ${reason}`;
  const status = /^HTTP (\d{3})$/.exec(last)?.[1];
  if (status) return t`Suspended: it accepted nothing for 24 hours, and answered ${status} at last`;
  const why = failure(last) ?? last;
  return t`Suspended: it accepted nothing for 24 hours. ${why}`;
}

function failure(error?: string): string | undefined {
  const [kind = "", detail] = error?.split(": ") ?? [];
  return FAILURES[kind]?.(detail);
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
