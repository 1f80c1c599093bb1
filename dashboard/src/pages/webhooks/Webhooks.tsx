import { plural, t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useWebhooks } from "../../api/queries";
import { Empty, Loaded } from "../../parts/Loading";
import { ActionLink, OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { State } from "../../parts/State";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { Head } from "../messages/MessageTable";
import { Bins } from "./Bins";
import { Register } from "./Register";
import { hostOf, pathOf, useLastDeliveries, type Webhook } from "./webhooks";
import "../../styles/webhooks.css";

/** Most events of a webhook that its row names. */
const MOST_EVENTS = 3;

export default function Webhooks() {
  const { query, route } = useLocation();
  const webhooks = useWebhooks();
  const may = useMay("owner");
  return (
    <Page title={t`Webhooks`} actions={may && <AddButton />}>
      <OfflineNote />
      <RoleNote least="owner" />
      <section class="card">
        <Loaded query={webhooks} rows={3}>
          {(found) => (found.length ? <List webhooks={found} /> : <None may={may} />)}
        </Loaded>
      </section>
      {may && query.new && (
        <Register onMade={(webhookId) => route(`/webhooks/${webhookId}`, true)} onClose={() => route("/webhooks", true)} />
      )}
    </Page>
  );
}

function AddButton() {
  return (
    <ActionLink path="/webhooks?new=1" icon="plus">
      {t`Add a webhook`}
    </ActionLink>
  );
}

function None({ may }: { may: boolean }) {
  return (
    <Empty icon="webhook" title={t`No webhook yet`} action={may && <AddButton />}>
      {t`Your programs are told of deliveries and replies the moment they happen. Polling works too.`}
    </Empty>
  );
}

function List({ webhooks }: { webhooks: Webhook[] }) {
  return (
    <div class="table-wrap">
      <table class="table hooks" role="table">
        <caption class="sr">{t`Webhooks`}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <Head>{t`Endpoint`}</Head>
            <Head className="w-events">{t`Events`}</Head>
            <Head className="w-state">{t`Status`}</Head>
            <Head className="w-last">{t`Last 60 deliveries`}</Head>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {webhooks.map((webhook) => (
            <Row key={webhook.webhookId} webhook={webhook} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ webhook }: { webhook: Webhook }) {
  const { route } = useLocation();
  const path = `/webhooks/${webhook.webhookId}`;
  const more = webhook.events.length - MOST_EVENTS;
  return (
    <tr role="row" class="tall" onClick={(event) => !(event.target as HTMLElement).closest("a") && !getSelection()?.toString() && route(path)}>
      <td role="cell" class="c-to">
        <a class="to" href={path}>
          {hostOf(webhook.url)}
        </a>
        <p class="mono faint small cut">{pathOf(webhook.url)}</p>
      </td>
      <td role="cell" class="c-text">
        <span class="tags">
          {webhook.events.slice(0, MOST_EVENTS).map((event) => (
            <span key={event} class="tag">
              {event}
            </span>
          ))}
          {more > 0 && <span class="faint small">{plural(more, { one: "# more", other: "# more" })}</span>}
        </span>
      </td>
      <td role="cell" class="c-state">
        <State of={webhook.status} />
        <Held webhook={webhook} />
      </td>
      <td role="cell" class="c-bins">
        <Last webhookId={webhook.webhookId} />
      </td>
    </tr>
  );
}

/** What an endpoint that isn't well keeps back. */
function Held({ webhook }: { webhook: Webhook }) {
  const { status, backlog, skipped } = webhook;
  if (status === "Suspended" && skipped) return <p class="soft small">{plural(skipped, { one: "# event skipped", other: "# events skipped" })}</p>;
  if (backlog) return <p class="soft small">{plural(backlog, { one: "# event waits", other: "# events wait" })}</p>;
  return null;
}

function Last({ webhookId }: { webhookId: string }) {
  const { data } = useLastDeliveries(webhookId);
  if (!data) return null;
  return data.deliveries.length ? <Bins deliveries={data.deliveries} /> : <span class="faint small">{t`None yet`}</span>;
}
