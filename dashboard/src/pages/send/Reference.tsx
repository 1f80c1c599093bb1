import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Field } from "../../parts/controls";
import type { FieldProps } from "./SendForm";

const LONGEST = 64;

/** The sender's own reference, for those who have one. */
export function Reference({ fields, error, onChange }: FieldProps) {
  const [isOpen, open] = useState(false);
  if (!isOpen && !fields.reference && !error) {
    return (
      <button type="button" class="link self-start small" onClick={() => open(true)}>
        {t`Add your own reference`}
      </button>
    );
  }
  return (
    <Field label={t`Your reference`} hint={t`It comes back with the message's state.`} error={error}>
      {(tied) => (
        <input
          {...tied}
          class="input"
          autocomplete="off"
          maxLength={LONGEST}
          autofocus
          value={fields.reference}
          onInput={(event) => onChange({ reference: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}
