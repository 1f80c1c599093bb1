import { t } from "@lingui/core/macro";
import { useRoute } from "preact-iso";
import { useState } from "preact/hooks";
import { Problem } from "../../api/problems";
import { Icon } from "../../parts/Icon";
import { Failure, Loaded } from "../../parts/Loading";
import { OfflineNote, useOff } from "../../parts/Offline";
import { useMay } from "../../session/role";
import { NotFound } from "../../shell/NotFound";
import { Page } from "../../shell/Page";
import { Deliveries } from "./Deliveries";
import { Endpoint } from "./Endpoint";
import { Standing } from "./Standing";
import { type Task, Tasks } from "./Tasks";
import { WebhookMenu } from "./WebhookMenu";
import { hostOf, usePing, useWebhook } from "./webhooks";
import "../../styles/webhooks.css";

export default function Webhook() {
  const { params } = useRoute();
  return <OneWebhook key={params.webhookId} webhookId={params.webhookId!} />;
}

function OneWebhook({ webhookId }: { webhookId: string }) {
  const webhook = useWebhook(webhookId);
  const ping = usePing(webhookId);
  const [task, begin] = useState<Task | undefined>();
  const found = webhook.data;
  if (webhook.error instanceof Problem && webhook.error.status === 404) return <NotFound />;
  return (
    <Page
      title={found ? hostOf(found.url) : t`Webhook`}
      back={{ path: "/webhooks", name: t`Webhooks` }}
      actions={
        found && (
          <>
            <PingButton ping={ping} />
            <WebhookMenu webhook={found} ping={ping} onBegin={begin} />
          </>
        )
      }
    >
      <OfflineNote />
      {ping.isError && <Failure error={ping.error} />}
      <Loaded query={webhook}>
        {(shown) => (
          <>
            <Standing webhook={shown} />
            <div class="two">
              <Deliveries webhook={shown} onReplaySince={() => begin("replay")} />
              <Endpoint webhook={shown} onBegin={begin} />
            </div>
          </>
        )}
      </Loaded>
      {found && task && <Tasks webhook={found} task={task} onClose={() => begin(undefined)} />}
    </Page>
  );
}

function PingButton({ ping }: { ping: ReturnType<typeof usePing> }) {
  const may = useMay("operator");
  const isOff = useOff();
  if (!may) return null;
  return (
    <button type="button" class="btn only-wide" disabled={ping.isPending || isOff} onClick={() => ping.mutate()}>
      <Icon name="ping" />
      {t`Ping`}
    </button>
  );
}
