import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { ClientForm } from "./ChangeClient";
import { useCreateClient } from "./clients";
import { NewKey } from "./RotateKey";

const START = { name: "", limit: 100 };

/** Makes a client, and shows its first key this once. */
export function NewClient() {
  const { route } = useLocation();
  const creation = useCreateClient();
  const made = creation.data;
  if (made) {
    return (
      <NewKey
        client={made}
        apiKey={made.apiKey}
        onDone={() => {
          creation.reset();
          route(`/clients/${made.clientId}`, true);
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
      onSave={(wanted) => creation.mutate(wanted)}
      onClose={() => route("/clients", true)}
    />
  );
}
