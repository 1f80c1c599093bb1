import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Problem } from "../../api/problems";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";

/** Fields that are saved together, with Save below them. Who can't change them sees their values instead. */
export function Section({
  title,
  says,
  canChange,
  values,
  draft,
  save,
  onSave,
  children,
}: {
  title: string;
  says?: string;
  canChange: boolean;
  /** Name and value of each field, for who can only read. */
  values: [string, ComponentChildren][];
  draft: { isChanged: boolean; reset: () => void };
  save: { isPending: boolean; error: unknown; reset: () => void };
  onSave: () => void;
  children: ComponentChildren;
}) {
  const heading = useId();
  const form = useRef<HTMLFormElement>(null);
  const isOff = useOff();
  const isAtField = save.error instanceof Problem && Boolean(save.error.body.errors?.length);
  useEffect(() => {
    if (save.error) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [save.error]);
  if (!canChange) return <Values title={title} values={values} />;
  return (
    <form
      ref={form}
      class="card section"
      aria-labelledby={heading}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.isChanged && !isOff) onSave();
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
      </header>
      <div class="fields">
        {says && <p class="soft">{says}</p>}
        {children}
        {Boolean(save.error) && !isAtField && <Failure error={save.error} />}
      </div>
      <footer>
        {isOff && <span>{t`You are offline. This can be saved when you are back.`}</span>}
        {draft.isChanged && (
          <button
            type="button"
            class="btn push"
            onClick={() => {
              draft.reset();
              save.reset();
            }}
          >
            {t`Undo changes`}
          </button>
        )}
        <button type="submit" class={draft.isChanged ? "btn primary" : "btn primary push"} disabled={!draft.isChanged || save.isPending || isOff}>
          {t`Save`}
        </button>
      </footer>
    </form>
  );
}

function Values({ title, values }: { title: string; values: [string, ComponentChildren][] }) {
  const heading = useId();
  return (
    <section class="card section" aria-labelledby={heading}>
      <header>
        <h2 id={heading}>{title}</h2>
      </header>
      <dl class="facts pad wide-facts">
        {values.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </section>
  );
}
