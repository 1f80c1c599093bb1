import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { useOff } from "../../parts/Offline";
import { useMay } from "../../session/role";
import { moment } from "../../texts/formats";
import type { Client, Slot } from "./clients";
import { RemoveKey } from "./RemoveKey";
import { RotateKey } from "./RotateKey";

type KeySlot = Client["keys"][number];

/** The two places for keys side by side: one can be replaced while the other one works. */
export function Keys({ client }: { client: Client }) {
  const [task, begin] = useState<{ verb: "rotate" | "remove"; slot: Slot } | undefined>();
  const close = () => begin(undefined);
  const isOnly = client.keys.filter((key) => key.isSet).length === 1;
  return (
    <>
      <ul class="slots">
        {client.keys.map((key) => (
          <Place
            key={key.slot}
            client={client}
            slot={key}
            isOnly={isOnly}
            onRotate={() => begin({ verb: "rotate", slot: key.slot as Slot })}
            onRemove={() => begin({ verb: "remove", slot: key.slot as Slot })}
          />
        ))}
      </ul>
      {task?.verb === "rotate" && <RotateKey client={client} slot={task.slot} onClose={close} />}
      {task?.verb === "remove" && <RemoveKey client={client} slot={task.slot} onClose={close} />}
    </>
  );
}

function Place({
  client,
  slot,
  isOnly,
  onRotate,
  onRemove,
}: {
  client: Client;
  slot: KeySlot;
  isOnly: boolean;
  onRotate: () => void;
  onRemove: () => void;
}) {
  const may = useMay("owner");
  const isOff = useOff();
  const { slot: number } = slot;
  const { name } = client;
  const used = slot.lastUsedAt && moment(slot.lastUsedAt);
  return (
    <li class={slot.isSet ? undefined : "free"}>
      <h3>
        <Icon name="key" />
        {t`Key ${number}`}
      </h3>
      <p class="soft small">{slot.isSet ? (used ? t`Last used ${used}` : t`Not used yet`) : t`Free`}</p>
      {may && (
        <div class="row">
          <button
            type="button"
            class="btn small"
            disabled={isOff}
            aria-label={slot.isSet ? t`Rotate key ${number} of ${name}` : t`Make a key, number ${number} of ${name}`}
            onClick={onRotate}
          >
            {slot.isSet ? t`Rotate` : t`Make a key`}
          </button>
          {slot.isSet && !isOnly && (
            <button type="button" class="btn small quiet danger" disabled={isOff} aria-label={t`Remove key ${number} of ${name}`} onClick={onRemove}>
              {t`Remove`}
            </button>
          )}
        </div>
      )}
    </li>
  );
}
