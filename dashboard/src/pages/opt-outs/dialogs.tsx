import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { phoneNumber } from "../../texts/formats";
import { useOptIn, useOptOut } from "./changes";

const LONGEST_REASON = 200;

/** Opts a number out. It is asked for, with the one that was looked for in its place, unless it `isKnown`. */
export function OptOut({
  number = "",
  isKnown = false,
  onDone,
  onClose,
}: {
  number?: string;
  isKnown?: boolean;
  onDone: (number: string) => void;
  onClose: () => void;
}) {
  const [typed, type] = useState(number);
  const [reason, give] = useState("");
  const change = useOptOut(onDone);
  const named = phoneNumber(number);
  const says = t`It gets no more messages from this account. Nothing is sent to say so.`;
  return (
    <FormDialog
      title={isKnown ? t`Opt ${named} out` : t`Opt a number out`}
      verb={t`Opt out`}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate({ number: typed, reason })}
      onClose={onClose}
    >
      {isKnown ? (
        <p class="soft">{says}</p>
      ) : (
        <Field label={t`Number`} hint={says} error={fieldError(change.error, "number")}>
          {(tied) => <input {...tied} class="input" type="tel" autofocus required value={typed} onInput={(event) => type(event.currentTarget.value)} />}
        </Field>
      )}
      <Reason
        label={t`Reason, if you like`}
        hint={t`It stands in the number's history.`}
        error={fieldError(change.error, "reason")}
        value={reason}
        onGive={give}
      />
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
      onSubmit={() => (reason.trim() ? change.mutate(reason) : miss(true))}
      onClose={onClose}
    >
      <p class="soft">{t`They asked for no more messages. Opt them in only if they have told you that they want them again.`}</p>
      <Reason
        label={t`Reason`}
        hint={t`For example: asked for it at the front desk. It stands in the number's history.`}
        error={isMissing && !reason.trim() ? t`Say why they want messages again` : fieldError(change.error, "reason")}
        isNeeded
        value={reason}
        onGive={give}
      />
    </FormDialog>
  );
}

interface ReasonProps {
  label: string;
  hint: string;
  error?: string;
  isNeeded?: boolean;
  value: string;
  onGive: (reason: string) => void;
}

function Reason({ label, hint, error, isNeeded = false, value, onGive }: ReasonProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(tied) => (
        <input {...tied} class="input" required={isNeeded} maxLength={LONGEST_REASON} value={value} onInput={(event) => onGive(event.currentTarget.value)} />
      )}
    </Field>
  );
}
