import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { fieldError } from "../../api/problems";
import type { Schemas } from "../../api/queries";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { phoneNumber } from "../../texts/formats";

const LONGEST_NAME = 64;
const LONGEST_NOTE = 500;

/** What people call a number, and what they should know of it. */
export function NameContact({ number, contact, onClose }: { number: string; contact: Schemas["ContactView"] | undefined; onClose: () => void }) {
  const [name, call] = useState(contact?.name ?? "");
  const [note, tell] = useState(contact?.note ?? "");
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () => got(api().POST("/console/contacts", { body: { number, name, note } })),
    onSuccess: (changed) => {
      queries.setQueryData(["contacts", number], changed);
      void queries.invalidateQueries({ queryKey: ["conversations"] });
      onClose();
    },
  });
  const shown = phoneNumber(number);
  return (
    <FormDialog
      title={t`Name and note for ${shown}`}
      verb={t`Save`}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Field label={t`Name`} hint={t`It stands in the inbox in place of the number.`} error={fieldError(change.error, "name")}>
        {(tied) => <input {...tied} class="input" maxLength={LONGEST_NAME} autofocus value={name} onInput={(event) => call(event.currentTarget.value)} />}
      </Field>
      <Field label={t`Note`} hint={t`Your team sees it; the contact does not.`} error={fieldError(change.error, "note")}>
        {(tied) => (
          <textarea {...tied} class="input area" rows={4} maxLength={LONGEST_NOTE} value={note} onInput={(event) => tell(event.currentTarget.value)} />
        )}
      </Field>
    </FormDialog>
  );
}
