import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { Icon } from "../../parts/Icon";
import { useOff } from "../../parts/Offline";
import { State } from "../../parts/State";
import { useMay } from "../../session/role";
import { date, moment } from "../../texts/formats";
import type { Task } from "./Tasks";
import type { Webhook } from "./webhooks";

/** Where events go, which, and how it stands. */
export function Endpoint({ webhook, onBegin }: { webhook: Webhook; onBegin: (task: Task) => void }) {
  const may = useMay("owner");
  const isOff = useOff();
  return (
    <section class="card">
      <header>
        <h2>{t`Endpoint`}</h2>
        {may && (
          <button type="button" class="btn small quiet push" disabled={isOff} onClick={() => onBegin("edit")}>
            <Icon name="pen" />
            {t`Edit`}
          </button>
        )}
      </header>
      <div class="pad">
        <dl class="facts slim">
          <Fact name={t`Status`}>
            <State of={webhook.status} />
          </Fact>
          <Fact name="URL" tone="mono">
            {webhook.url}
          </Fact>
          <Fact name={t`Events`} tone="tags">
            {webhook.events.map((event) => (
              <span key={event} class="tag">
                {event}
              </span>
            ))}
          </Fact>
          <Secrets webhook={webhook} onRotate={() => onBegin("rotate")} />
          {webhook.failingSince && <Fact name={t`Failing since`}>{moment(webhook.failingSince)}</Fact>}
          {webhook.suspendedAt && <Fact name={t`Suspended`}>{moment(webhook.suspendedAt)}</Fact>}
          <Fact name={t`Added`}>{date(webhook.createdAt)}</Fact>
          <Fact name={t`Id`} tone="mono">
            {webhook.webhookId}
          </Fact>
        </dl>
      </div>
    </section>
  );
}

function Secrets({ webhook, onRotate }: { webhook: Webhook; onRotate: () => void }) {
  const may = useMay("owner");
  const isOff = useOff();
  const [oldUntil] = webhook.oldSecretsUntil;
  const until = oldUntil && moment(oldUntil);
  return (
    <Fact name={t`Signing secret`}>
      <span class="mono" aria-hidden="true">
        whsec_••••••••
      </span>
      <span class="sr">{t`Set`}</span>
      {until && <p class="faint">{t`Older ones sign along until ${until}`}</p>}
      {may && (
        <button type="button" class="link small block" disabled={isOff} onClick={onRotate}>
          {t`Rotate`}
        </button>
      )}
    </Fact>
  );
}

function Fact({ name, tone, children }: { name: string; tone?: string; children: ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd class={tone}>{children}</dd>
    </>
  );
}
