import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { serverNow } from "../../api/clock";
import { Icon } from "../../parts/Icon";
import { problemTitle } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { State, stateWord } from "../../parts/State";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { dayKey, moment, seconds } from "../../texts/formats";
import { Tries } from "./Tries";
import { type Delivery, useReplay, type Webhook } from "./webhooks";

const COLUMNS = 6;

/** A delivery; opened, its tries, the last answer and what was sent. */
export function DeliveryRow({ webhook, delivery }: { webhook: Webhook; delivery: Delivery }) {
  const [isOpen, open] = useState(false);
  const replay = useReplay(webhook.webhookId);
  const { event, status, attempts } = delivery;
  const at = happened(delivery.occurredAt);
  const state = stateWord(status);
  return (
    <>
      <tr role="row" class={isOpen ? "open" : undefined}>
        <td role="cell" class="c-to">
          <button type="button" class="rowbtn" aria-expanded={isOpen} aria-label={t`${event}, ${state}, ${at}`} onClick={() => open(!isOpen)}>
            <Icon name={isOpen ? "down" : "right"} tone="chev" />
            <span class="mono">{event}</span>
          </button>
        </td>
        <td role="cell" class="c-state">
          <DeliveryState of={status} />
        </td>
        <td role="cell" class="c-phone">
          <Answer delivery={delivery} />
        </td>
        <td role="cell" class="c-gone">
          <span class="soft">{attempts.length}</span>
        </td>
        <td role="cell" class="c-when end">
          <span class="soft num">{at}</span>
        </td>
        <td role="cell" class="c-gone w-act end">
          <Again webhook={webhook} delivery={delivery} replay={replay} />
        </td>
      </tr>
      {replay.isError && (
        <Below>
          <p class="hint bad told" role="alert">
            {problemTitle(replay.error)}
          </p>
        </Below>
      )}
      {isOpen && (
        <Below>
          <Tries delivery={delivery} again={<Again webhook={webhook} delivery={delivery} replay={replay} isNamed />} />
        </Below>
      )}
    </>
  );
}

function Below({ children }: { children: ComponentChildren }) {
  return (
    <tr role="row" class="more">
      <td role="cell" colSpan={COLUMNS}>
        {children}
      </td>
    </tr>
  );
}

/** To the second today; older ones to the minute, as the list has room for. */
function happened(at: string): string {
  return dayKey(at) === dayKey(serverNow()) ? seconds(at) : moment(at);
}

/** A delivery has one tick: what a program took, nobody's phone confirms. */
function DeliveryState({ of }: { of: string }) {
  if (of !== "Delivered") return <State of={of} />;
  return (
    <span class="st st-delivered">
      <Icon name="okc" />
      {stateWord(of)}
    </span>
  );
}

function Answer({ delivery }: { delivery: Delivery }) {
  const last = delivery.attempts.at(-1);
  if (!last) return <span class="faint">–</span>;
  if (last.status === undefined) return <span class="http err">{t`none`}</span>;
  return <span class={last.status < 300 ? "http good" : "http err"}>{last.status}</span>;
}

/** Sends it once more. While the endpoint is suspended it can't, and says so. */
function Again({
  webhook,
  delivery,
  replay,
  isNamed = false,
}: {
  webhook: Webhook;
  delivery: Delivery;
  replay: ReturnType<typeof useReplay>;
  isNamed?: boolean;
}) {
  const may = useMay("operator");
  const isOff = useOff();
  if (!may) return null;
  const isSuspended = webhook.status === "Suspended";
  const { event, eventId, deliveryId } = delivery;
  return (
    <button
      type="button"
      class={isNamed ? "btn small fit" : "btn quiet icon small"}
      disabled={isSuspended || isOff || replay.isPending}
      aria-label={isSuspended ? t`Send ${event} ${eventId} again, when enabled` : t`Send ${event} ${eventId} again`}
      onClick={() => replay.mutate(deliveryId, { onSuccess: () => toast({ text: t`${event} is sent again` }) })}
    >
      <Icon name="replay" />
      {isNamed && t`Send again`}
    </button>
  );
}
