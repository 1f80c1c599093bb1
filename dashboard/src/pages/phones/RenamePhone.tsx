import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { toast } from "../../parts/toasts";
import { type Phone, useChangePhone } from "./phones";

export const LONGEST_NAME = 100;

export function RenamePhone({ phone, onClose }: { phone: Phone; onClose: () => void }) {
  const [name, write] = useState(phone.name);
  const change = useChangePhone(phone.deviceId);
  const wanted = name.trim();
  function save() {
    if (!wanted || wanted === phone.name) return onClose();
    change.mutate(
      { name: wanted },
      {
        onSuccess: () => {
          toast({ text: t`Renamed to ${wanted}` });
          onClose();
        },
      },
    );
  }
  return (
    <FormDialog title={t`Rename the phone`} verb={t`Save`} isBusy={change.isPending} error={change.error} onSubmit={save} onClose={onClose}>
      <NameField value={name} error={fieldError(change.error, "name")} onInput={write} />
    </FormDialog>
  );
}

export function NameField({ value, error, onInput }: { value: string; error?: string; onInput: (name: string) => void }) {
  return (
    <Field label={t`Phone name`} hint={t`What your team calls it.`} error={error}>
      {(attributes) => (
        <input {...attributes} class="input" dir="auto" autocomplete="off" maxLength={LONGEST_NAME} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
    </Field>
  );
}
