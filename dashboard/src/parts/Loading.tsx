import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../api/problems";
import { Icon, type IconName } from "./Icon";

const QUIET_MS = 300;

/** Bones in the shape of rows; nothing at all before a third of a second. */
export function Bones({ rows = 6 }: { rows?: number }) {
  const [isSeen, see] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => see(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class={isSeen ? "bones" : "bones unseen"} role="status">
      <span class="sr">{t`Loading`}</span>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} class="bone-row" aria-hidden="true">
          <span class="bone b1" />
          <span class="bone b2" />
          <span class="bone b3" />
        </div>
      ))}
    </div>
  );
}

/** What will be here, how it begins, and one button. */
export function Empty({ icon, title, children, action }: { icon: IconName; title: string; children?: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** What failed, and how to go on; the rest of the page does meanwhile. */
export function Failure({ error, again }: { error: unknown; again?: () => void }) {
  const problem = error instanceof Problem ? error : undefined;
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <h2>{problemTitle(error)}</h2>
        {problem?.body.requestId && <p class="small">{t`Request ${problem.body.requestId}`}</p>}
      </div>
      {again && (
        <button type="button" class="btn small" onClick={again}>
          {t`Try again`}
        </button>
      )}
    </div>
  );
}

/** What an error says to the reader. */
export function problemTitle(error: unknown): string {
  if (!(error instanceof Problem)) return t`Something went wrong on this page`;
  if (error.status === 0) return t`The server can't be reached`;
  if (error.status === 403) return t`Your role may not do this`;
  if (error.status === 404) return t`There is no such thing in this account`;
  if (error.status === 429) return t`Too many requests at once. Wait a moment, then try again`;
  if (error.status >= 500) return t`The server had a problem`;
  return error.body.detail ?? error.body.title ?? t`The request was refused`;
}

/** Shows `children` of what has loaded; else bones, or what failed. What was loaded before stays when a later try fails. */
export function Loaded<T>({
  query,
  rows,
  children,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  rows?: number;
  children: (data: T) => ComponentChildren;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <Failure error={query.error} again={() => void query.refetch()} />;
  return <Bones rows={rows} />;
}
