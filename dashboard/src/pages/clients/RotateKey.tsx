import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { FormDialog } from "../../parts/FormDialog";
import { Secret } from "../../parts/Secret";
import { type Client, type Slot, useRotateKey } from "./clients";

/** Makes a new key. The free place comes first, since then no request is refused; else it says which key ends at once. */
export function RotateKey({ client, slot, onClose }: { client: Client; slot: Slot; onClose: () => void }) {
  const other: Slot = slot === 1 ? 2 : 1;
  const isSet = (one: Slot) => client.keys.some((key) => key.slot === one && key.isSet);
  const isChoice = isSet(slot) && !isSet(other);
  const [chosen, choose] = useState<Slot>(isChoice ? other : slot);
  const rotation = useRotateKey(client.clientId);
  if (rotation.data) {
    return (
      <NewKey
        client={client}
        apiKey={rotation.data.apiKey}
        onDone={() => {
          rotation.reset();
          onClose();
        }}
      />
    );
  }
  return (
    <FormDialog
      title={isSet(slot) ? t`Rotate key ${slot}?` : t`Make key ${slot}?`}
      verb={t`Make the key`}
      isBusy={rotation.isPending}
      error={rotation.error}
      onSubmit={() => rotation.mutate(chosen)}
      onClose={onClose}
    >
      {isChoice && <Choice slot={slot} other={other} chosen={chosen} onChange={choose} />}
      {!isChoice && isSet(slot) && (
        <ul class="bullets soft">
          <li>{t`The present key ${slot} ends at once: programs that use it are refused.`}</li>
          <li>{t`Key ${other} goes on.`}</li>
        </ul>
      )}
      {!isSet(slot) && <p class="soft">{t`It is shown once. Key ${other} goes on, so that your programs can change over at any time.`}</p>}
    </FormDialog>
  );
}

function Choice({ slot, other, chosen, onChange }: { slot: Slot; other: Slot; chosen: Slot; onChange: (slot: Slot) => void }) {
  return (
    <fieldset class="choices">
      <legend class="sr">{t`Where the new key goes`}</legend>
      <label class="check top">
        <input type="radio" class="tick" name="slot" checked={chosen === other} onChange={() => onChange(other)} />
        <span>
          <span class="medium">{t`As key ${other}, which is free`}</span>
          <span class="soft small">{t`Both keys work: change your programs over, then remove key ${slot}. No request is refused.`}</span>
        </span>
      </label>
      <label class="check top">
        <input type="radio" class="tick" name="slot" checked={chosen === slot} onChange={() => onChange(slot)} />
        <span>
          <span class="medium">{t`As key ${slot}`}</span>
          <span class="soft small">{t`The present key ${slot} ends at once: programs that use it are refused until they have the new one.`}</span>
        </span>
      </label>
    </fieldset>
  );
}

export function NewKey({ client, apiKey, onDone }: { client: Client; apiKey: string; onDone: () => void }) {
  const { name } = client;
  return (
    <Secret
      title={t`Copy the key now`}
      says={t`It is shown this once. Who has it can send messages as ${name}.`}
      value={apiKey}
      onDone={onDone}
    />
  );
}
