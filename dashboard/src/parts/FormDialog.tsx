import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Problem } from "../api/problems";
import { useOff } from "./Offline";
import { Dialog } from "./Dialog";
import { Failure } from "./Loading";

/** A dialog with a form. What the API says of a field stands at that field, and gets the focus; the rest of it below. */
export function FormDialog({
  title,
  verb,
  isBusy = false,
  error,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  verb: string;
  isBusy?: boolean;
  error?: unknown;
  onSubmit: () => void;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const id = useId();
  const form = useRef<HTMLFormElement>(null);
  const isOff = useOff();
  const toWrong = () => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  useEffect(() => {
    if (error) toWrong();
  }, [error]);
  const isAtField = error instanceof Problem && Boolean(error.body.errors?.length);
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        ref={form}
        id={id}
        class="in form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isBusy || isOff) return;
          onSubmit();
          // What the form itself finds wrong is shown by then.
          requestAnimationFrame(toWrong);
        }}
      >
        {children}
        {Boolean(error) && !isAtField && <Failure error={error} />}
        {isOff && <p class="hint">{t`You are offline. This can be saved when you are back.`}</p>}
      </form>
      <footer>
        <button type="button" class="btn" onClick={onClose}>
          {t`Cancel`}
        </button>
        <button type="submit" form={id} class="btn primary" disabled={isBusy || isOff}>
          {verb}
        </button>
      </footer>
    </Dialog>
  );
}
