import { t } from "@lingui/core/macro";
import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Icon } from "./Icon";
import { toast } from "./toasts";

/** A label, a control and what is wrong with it; `children` gets the attributes that tie them together. */
export function Field({
  label,
  hint,
  error,
  children,
}: {
  label: string;
  hint?: ComponentChildren;
  error?: string;
  children: (attributes: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-hint`, "aria-invalid": Boolean(error) })}
      <p class={error ? "hint bad" : "hint"} id={`${id}-hint`}>
        {error ?? hint}
      </p>
    </div>
  );
}

/** One of several; `tied` are the attributes of a field, or a name where it has no label of its own. */
export function Pick({
  tied,
  value,
  onPick,
  children,
}: {
  tied: { id: string; "aria-describedby": string; "aria-invalid": boolean } | { "aria-label": string };
  value: string;
  onPick: (value: string) => void;
  children: ComponentChildren;
}) {
  return (
    <span class="pick">
      <select {...tied} class="select" value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {children}
      </select>
      <Icon name="updown" />
    </span>
  );
}

export function Switch({
  label,
  isOn,
  disabled,
  onChange,
}: {
  label: string;
  isOn: boolean;
  disabled?: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={isOn}
      aria-label={label}
      disabled={disabled}
      onClick={() => onChange(!isOn)}
    />
  );
}

export function Copy({ value, label, quiet = false }: { value: string; label?: string; quiet?: boolean }) {
  const [isDone, done] = useState(false);
  return (
    <button
      type="button"
      class={quiet ? "btn small quiet" : "btn small"}
      onClick={() => {
        void navigator.clipboard.writeText(value).then(
          () => {
            done(true);
            setTimeout(() => done(false), 2_000);
          },
          () => toast({ tone: "bad", text: t`The browser refused to copy. Select the text and copy it yourself.` }),
        );
      }}
    >
      <Icon name={isDone ? "check" : "copy"} />
      <span aria-live="polite">{isDone ? t`Copied` : (label ?? t`Copy`)}</span>
    </button>
  );
}

/** A bar that shows how much is left of something. */
export function Meter({ part, whole, low = false }: { part: number; whole: number; low?: boolean }) {
  const width = whole > 0 ? Math.min(100, (100 * part) / whole) : 0;
  return (
    <svg class={low ? "meter low" : "meter"} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
      <rect width={width} height="4" />
    </svg>
  );
}

/** Text that a stranger wrote: its direction can't reach beyond it. */
export function Said({ children, ...rest }: { children: string } & JSX.HTMLAttributes<HTMLElement>) {
  return <bdi {...rest}>{children}</bdi>;
}
