import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { ClientForm } from "./ChangeClient";
import { useCreateClient } from "./clients";
import { NewKey } from "./RotateKey";

const START = { name: "", limit: 100 };

/** Makes a client, and shows its first key this once. `onMade` is told once the key is stored. */
export function NewClient({ onMade, onClose }: { onMade: (clientId: string) => void; onClose: () => void }) {
  const creation = useCreateClient();
  const [test, choose] = useState(false);
  const made = creation.data;
  if (made) {
    return (
      <NewKey
        client={made}
        apiKey={made.apiKey}
        onDone={() => {
          creation.reset();
          onMade(made.clientId);
        }}
      />
    );
  }
  return (
    <ClientForm
      title={t`New API client`}
      verb={t`Make the client`}
      start={START}
      isBusy={creation.isPending}
      error={creation.error}
      onSave={(wanted) => creation.mutate({ ...wanted, test })}
      onClose={onClose}
    >
      <label class="check top">
        <input type="checkbox" class="tick" checked={test} onChange={(event) => choose(event.currentTarget.checked)} />
        <span>
          <span>{t`Test keys`}</span>
          <span class="soft small">{t`They send nothing: certain numbers play every outcome, without a phone. It stays so.`}</span>
        </span>
      </label>
    </ClientForm>
  );
}
