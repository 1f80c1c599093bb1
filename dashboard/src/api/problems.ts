import type { components } from "./schema";

export type ProblemBody = components["schemas"]["Problem"];

/** An answer of the API that isn't what was asked for; or none at all, then `status` is 0. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: Partial<ProblemBody>,
    /** Seconds that the API asks to wait. */
    readonly retryAfter?: number,
  ) {
    super(body.title ?? "no answer");
  }

  /** The problem's kind: the last part of its address, such as `recipient-opted-out`. */
  get kind(): string {
    return this.body.type?.split("/").pop() ?? "";
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** What the API says is wrong with one field of a request, such as `name`. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!(error instanceof Problem)) return undefined;
  const detail = error.body.errors?.find(({ pointer }) => pointer === `#/${field}` || pointer.startsWith(`#/${field}/`))?.detail;
  return detail && detail.charAt(0).toUpperCase() + detail.slice(1);
}
