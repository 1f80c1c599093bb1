import { t } from "@lingui/core/macro";
import type { ComponentChildren, JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon } from "./Icon";
import "../styles/entries.css";

/** A list that grows by what is typed; Enter and comma add it. What was added goes by a button each. */
export function EntryList({
  label,
  hint,
  error,
  entries,
  typed,
  onType,
  onAdd,
  onRemove,
  input,
}: {
  label: string;
  hint?: ComponentChildren;
  error?: string;
  entries: string[];
  typed: string;
  onType: (typed: string) => void;
  onAdd: () => void;
  onRemove: (entry: string) => void;
  input?: JSX.InputHTMLAttributes<HTMLInputElement>;
}) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  return (
    <div class="field entries">
      <label for={id}>{label}</label>
      {entries.length > 0 && (
        <ul class="tags">
          {entries.map((entry) => (
            <li key={entry} class="tag">
              <bdi>{entry}</bdi>
              <button
                type="button"
                class="drop"
                aria-label={t`Remove ${entry}`}
                onClick={() => {
                  onRemove(entry);
                  field.current?.focus();
                }}
              >
                <Icon name="x" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        <input
          {...input}
          ref={field}
          id={id}
          class="input word"
          autocomplete="off"
          aria-invalid={Boolean(error)}
          aria-describedby={`${id}-hint`}
          value={typed}
          onInput={(event) => onType(event.currentTarget.value)}
          onKeyDown={(event) => {
            if ((event.key !== "Enter" && event.key !== ",") || !typed.trim()) return;
            event.preventDefault();
            onAdd();
          }}
        />
        <button type="button" class="btn" onClick={onAdd}>
          {t`Add`}
        </button>
      </div>
      {(error ?? hint) && (
        <p class={error ? "hint bad" : "hint"} id={`${id}-hint`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}
