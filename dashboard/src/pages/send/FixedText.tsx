import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { Words } from "../../parts/Words";

/** The text of the template that was chosen, and what is said of it. */
export function FixedText({ text, error, children }: { text: string; error: string | undefined; children?: ComponentChildren }) {
  return (
    <div class="field">
      <span class="label">{t`Message`}</span>
      <bdi class="fixed">
        <Words text={text} />
      </bdi>
      {children}
      {error && (
        <p class="hint bad" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}
