import { t } from "@lingui/core/macro";
import { Confirm } from "../../parts/Dialog";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { moment } from "../../texts/formats";
import { type Client, type Slot, useRemoveKey } from "./clients";

export function RemoveKey({ client, slot, onClose }: { client: Client; slot: Slot; onClose: () => void }) {
  const removal = useRemoveKey(client.clientId);
  const isOff = useOff();
  const { name } = client;
  const other: Slot = slot === 1 ? 2 : 1;
  const lastUsed = client.keys.find((key) => key.slot === slot)?.lastUsedAt;
  const used = lastUsed && moment(lastUsed);
  function remove() {
    removal.mutate(slot, {
      onSuccess: () => {
        toast({ text: t`Key ${slot} of ${name} is removed` });
        onClose();
      },
    });
  }
  return (
    <Confirm title={t`Remove key ${slot} of ${name}?`} verb={t`Remove the key`} isBusy={removal.isPending || isOff} onConfirm={remove} onClose={onClose}>
      <ul class="bullets soft">
        <li>{t`It ends at once: programs that use it are refused.`}</li>
        {used && <li>{t`It was last used ${used}.`}</li>}
        <li>{t`Key ${other} goes on.`}</li>
      </ul>
      {removal.isError && <Failure error={removal.error} />}
    </Confirm>
  );
}
