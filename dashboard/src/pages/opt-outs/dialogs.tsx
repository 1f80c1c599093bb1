import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { phoneNumber } from "../../texts/formats";
import { useOptIn, useOptOut } from "./changes";

const LONGEST_REASON = 200;

/** Opts a number out; the one that was looked for stands there already. */
export function OptOut({ number = "", onDone, onClose }: { number?: string; onDone: (number: string) => void; onClose: () => void }) {
  const [typed, type] = useState(number);
  const [reason, give] = useState("");
  const change = useOptOut(onDone);
  return (
    <FormDialog
      title={t`Opt a number out`}
      verb={t`Opt out`}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ number: typed, reason })}
      onClose={onClose}
    >
      <Field
        label={t`Number`}
        hint={t`It gets no more messages from this account. Nothing is sent to say so.`}
        error={fieldError(change.error, "number")}
      >
        {(tied) => (
          <input {...tied} class="input" type="tel" autofocus required value={typed} onInput={(event) => type(event.currentTarget.value)} />
        )}
      </Field>
      <Field label={t`Reason, if you like`} hint={t`It stands in the number's history.`} error={fieldError(change.error, "reason")}>
        {(tied) => (
          <input {...tied} class="input" maxLength={LONGEST_REASON} value={reason} onInput={(event) => give(event.currentTarget.value)} />
        )}
      </Field>
    </FormDialog>
  );
}

/** Opts a number in again; somebody may ask later why, so a reason is needed. */
export function OptIn({ number, onClose }: { number: string; onClose: () => void }) {
  const [reason, give] = useState("");
  const [isMissing, miss] = useState(false);
  const change = useOptIn(number, onClose);
  const named = phoneNumber(number);
  return (
    <FormDialog
      title={t`Opt ${named} in again`}
      verb={t`Opt in`}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => {
        if (reason.trim()) change.mutate(reason);
        else miss(true);
      }}
      onClose={onClose}
    >
      <p>{t`They asked for no more messages. Opt them in only if they have told you that they want them again.`}</p>
      <Field
        label={t`Reason`}
        hint={t`For example: asked for it at the front desk. It stands in the number's history.`}
        error={isMissing && !reason.trim() ? t`Say why they want messages again` : fieldError(change.error, "reason")}
      >
        {(tied) => (
          <input
            {...tied}
            class="input"
            autofocus
            required
            maxLength={LONGEST_REASON}
            value={reason}
            onInput={(event) => give(event.currentTarget.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
