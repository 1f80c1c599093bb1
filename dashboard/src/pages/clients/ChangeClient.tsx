import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { toast } from "../../parts/toasts";
import { count } from "../../texts/formats";
import { type Client, useChangeClient } from "./clients";

const MOST = 1_000_000;
const LONGEST_NAME = 100;

export interface Wanted {
  name: string;
  limit: number;
}

export function ChangeClient({ client, onClose }: { client: Client; onClose: () => void }) {
  const change = useChangeClient(client.clientId);
  return (
    <ClientForm
      title={t`Name and limit`}
      verb={t`Save`}
      start={client}
      isBusy={change.isPending}
      error={change.error}
      onSave={(wanted) =>
        change.mutate(wanted, {
          onSuccess: () => {
            toast({ text: t`The API client is changed` });
            onClose();
          },
        })
      }
      onClose={onClose}
    />
  );
}

/** What people call a client, and how much it may ask for. */
export function ClientForm({
  title,
  verb,
  start,
  isBusy,
  error,
  onSave,
  onClose,
  children,
}: {
  title: string;
  verb: string;
  start: Wanted;
  isBusy: boolean;
  error: unknown;
  onSave: (wanted: Wanted) => void;
  onClose: () => void;
  children?: ComponentChildren;
}) {
  const [name, write] = useState(start.name);
  const [limitText, writeLimit] = useState(String(start.limit));
  const [isTried, tryIt] = useState(false);
  const limit = parsed(limitText);
  const most = count(MOST);
  function save() {
    tryIt(true);
    if (name.trim() && limit) onSave({ name: name.trim(), limit });
  }
  return (
    <FormDialog title={title} verb={verb} isBusy={isBusy} error={error} onSubmit={save} onClose={onClose}>
      <Field
        label={t`Name`}
        hint={t`What your team calls the program.`}
        error={isTried && !name.trim() ? t`Give it a name.` : fieldError(error, "name")}
      >
        {(attributes) => (
          <input {...attributes} class="input" dir="auto" autocomplete="off" maxLength={LONGEST_NAME} value={name} onInput={(event) => write(event.currentTarget.value)} />
        )}
      </Field>
      <Field
        label={t`Requests an hour`}
        hint={t`Further ones are refused with 429 until the hour ends.`}
        error={isTried && !limit ? t`Write a whole number from 1 to ${most}.` : fieldError(error, "limit")}
      >
        {(attributes) => (
          <input {...attributes} class="input" inputMode="numeric" autocomplete="off" value={limitText} onInput={(event) => writeLimit(event.currentTarget.value)} />
        )}
      </Field>
      {children}
    </FormDialog>
  );
}

function parsed(text: string): number | undefined {
  const value = Number(text.trim());
  return /^\d+$/.test(text.trim()) && value >= 1 && value <= MOST ? value : undefined;
}
