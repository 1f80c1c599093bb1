import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon } from "./Icon";

const FIELDS = "input, select, textarea";

/** A modal dialog; a sheet from below on a phone. Its first field has the focus, or its title. `onClose` is told once it is closed, or with `held` that somebody wants to. */
export function Dialog({
  title,
  under,
  held = false,
  className = "",
  onClose,
  children,
}: {
  title: string;
  /** A line below the title. */
  under?: string;
  /** Neither Esc nor a click beside it closes it. */
  held?: boolean;
  className?: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    const shown = dialog.current!;
    shown.showModal();
    // Left alone, the browser would take the first button, which closes.
    if (!shown.querySelector("[autofocus]")) (shown.querySelector<HTMLElement>(FIELDS) ?? shown.querySelector("h2"))?.focus();
    return () => {
      shown.close();
      if (opener?.isConnected) opener.focus();
    };
  }, []);

  return (
    <dialog
      ref={dialog}
      class={`modal ${className}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        if (!held) onClose();
      }}
      onKeyDown={(event) => {
        // A second Esc closes a dialog whatever its `cancel` event says.
        if (held && event.key === "Escape") event.preventDefault();
      }}
      onClick={(event) => {
        if (!held && event.target === dialog.current) onClose();
      }}
    >
      <header>
        <div>
          <h2 id={heading} tabIndex={-1}>
            {title}
          </h2>
          {under && <p class="soft">{under}</p>}
        </div>
        {!held && (
          <button type="button" class="btn quiet icon small push" aria-label={t`Close`} onClick={onClose}>
            <Icon name="x" />
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}

/** Asks before something that can't be undone, or that `isHarmless` but much: verb and name in the title, what will happen, and the verb again. */
export function Confirm({
  title,
  verb,
  isBusy = false,
  isHarmless = false,
  onConfirm,
  onClose,
  children,
}: {
  title: string;
  verb: string;
  isBusy?: boolean;
  isHarmless?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  children: ComponentChildren;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="in">{children}</div>
      <footer>
        <button type="button" class="btn" autofocus onClick={onClose}>
          {t`Keep as it is`}
        </button>
        <button type="button" class={isHarmless ? "btn primary" : "btn destroy"} disabled={isBusy} onClick={onConfirm}>
          {verb}
        </button>
      </footer>
    </Dialog>
  );
}
