import { plural, t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { Failure, problemTitle } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { clock, count, moment } from "../../texts/formats";
import { type Revival, revivals, revive, sendWhatItMissed } from "./revival";
import { COUNTED_TO, useDeliveries, useEnable, type Webhook } from "./webhooks";
import { outcome, suspension } from "./words";

/** What is wrong with an endpoint, since when, what it means, and the one act that mends it. Nothing while it is well. */
export function Standing({ webhook }: { webhook: Webhook }) {
  const revival = revivals.value[webhook.webhookId];
  if (webhook.status === "Suspended") return <Suspended webhook={webhook} />;
  if (revival?.stage === "unsent") return <Unsent revival={revival} />;
  return webhook.status === "Recovering" ? <Recovering webhook={webhook} /> : null;
}

function Suspended({ webhook }: { webhook: Webhook }) {
  const may = useMay("operator");
  const isOff = useOff();
  const [sendMissed, choose] = useState(true);
  const revival = revivals.value[webhook.webhookId];
  const isAsking = revival?.stage === "asking";
  const { suspendedAt, skipped } = webhook;
  const since = suspendedAt ? moment(suspendedAt) : undefined;
  return (
    <section class="note bad" aria-labelledby="suspended">
      <Icon name="alert" />
      <div>
        <h2 id="suspended">{suspension(webhook.suspendedReason)}</h2>
        <p>{since && missed(since, skipped)} {may ? t`Mend it, then enable it: SMSKit sends a ping, and goes on once that is accepted.` : t`An operator can enable it once it is mended.`}</p>
        <p role="status">{revival && <Told revival={revival} />}</p>
      </div>
      {may && (
        <div class="row">
          <label class="check small">
            <input type="checkbox" class="tick" checked={sendMissed} disabled={isAsking} onChange={(event) => choose(event.currentTarget.checked)} />
            {t`Then send the skipped ones`}
          </label>
          <button type="button" class="btn primary" disabled={isAsking || isOff} onClick={() => void revive(webhook, sendMissed)}>
            {isAsking ? t`Waiting for its answer` : t`Ping and enable`}
          </button>
        </div>
      )}
      {revival?.stage === "failed" && <Failure error={revival.error} />}
    </section>
  );
}

function Unsent({ revival }: { revival: Revival & { stage: "unsent" } }) {
  return (
    <section class="note bad">
      <Icon name="alert" />
      <div>
        <h2>{t`It is enabled, but what it missed could not be asked for`}</h2>
        <p>{problemTitle(revival.error)}</p>
      </div>
      <button type="button" class="btn" onClick={() => void sendWhatItMissed(revival.suspended)}>
        {t`Try again`}
      </button>
    </section>
  );
}

function missed(since: string, skipped: number): string {
  if (!skipped) return t`Nothing goes to this endpoint since ${since}.`;
  const most = count(skipped);
  if (skipped >= COUNTED_TO) return t`Nothing goes to this endpoint since ${since}; ${most} events or more were skipped.`;
  return plural(skipped, {
    one: `Nothing goes to this endpoint since ${since}; # event was skipped.`,
    other: `Nothing goes to this endpoint since ${since}; # events were skipped.`,
  });
}

function Told({ revival }: { revival: Revival }) {
  if (revival.stage === "refused") {
    const said = outcome(revival.attempt);
    return <strong class="medium">{t`The ping was not accepted. ${said}.`}</strong>;
  }
  if (revival.stage === "silent") return <strong class="medium">{t`No answer yet. What comes of the ping stands in the deliveries.`}</strong>;
  return null;
}

function waits(backlog: number): string {
  const most = count(backlog);
  if (backlog >= COUNTED_TO) return t`${most} events or more wait in order.`;
  return backlog ? plural(backlog, { one: "# event waits.", other: "# events wait in order." }) : "";
}

function Recovering({ webhook }: { webhook: Webhook }) {
  const may = useMay("operator");
  const isOff = useOff();
  const enable = useEnable(webhook.webhookId);
  const { data } = useDeliveries(webhook.webhookId);
  const { failingSince, nextAttemptAt, backlog } = webhook;
  const waiting = data?.pages.flatMap((page) => page.deliveries).filter((delivery) => delivery.status === "Waiting") ?? [];
  const tries = Math.max(0, ...waiting.map((delivery) => delivery.attempts.length));
  const since = failingSince && moment(failingSince);
  const next = nextAttemptAt && clock(nextAttemptAt);
  const tried = next && plural(tries, { one: `# try failed, the next is due about ${next}.`, other: `# tries failed, the next is due about ${next}.` });
  const due = next && t`The next try is due about ${next}.`;
  return (
    <section class="note warn" aria-labelledby="recovering">
      <Icon name="replay" />
      <div>
        <h2 id="recovering">{since ? t`Recovering since ${since}` : t`Recovering`}</h2>
        <p>
          {tries ? tried : due} {waits(backlog)}
        </p>
      </div>
      {may && (
        <button
          type="button"
          class="btn small"
          disabled={enable.isPending || isOff}
          onClick={() => enable.mutate(undefined, { onSuccess: () => toast({ text: t`It is tried now` }) })}
        >
          {t`Try now`}
        </button>
      )}
      {enable.isError && <Failure error={enable.error} />}
    </section>
  );
}
