import { plural, t } from "@lingui/core/macro";
import { useLocation, useRoute } from "preact-iso";
import { Problem } from "../../api/problems";
import { type Fact, Facts } from "../../parts/Facts";
import { Icon } from "../../parts/Icon";
import { Loaded } from "../../parts/Loading";
import { OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { stateWord } from "../../parts/State";
import { NotFound } from "../../shell/NotFound";
import { Page } from "../../shell/Page";
import { count, moment } from "../../texts/formats";
import { type Counts, type Detail, useBatch, useSenders } from "./batches";
import { CancelBatch } from "./CancelBatch";
import { Messages } from "./Messages";
import { Progress, progressSaid } from "./Progress";
import "../../styles/batches.css";

export default function BatchPage() {
  const { params } = useRoute();
  return <OneBatch key={params.batchId} batchId={params.batchId!} />;
}

function OneBatch({ batchId }: { batchId: string }) {
  const batch = useBatch(batchId);
  if (batch.error instanceof Problem && batch.error.status === 404) return <NotFound />;
  const accepted = batch.data && moment(batch.data.createdAt);
  return (
    <Page
      title={accepted ? t`Batch of ${accepted}` : t`Batch`}
      back={{ path: "/batches", name: t`Batches` }}
      actions={batch.data && <CancelBatch batch={batch.data} />}
    >
      <OfflineNote />
      <RoleNote least="operator" />
      <Loaded query={batch} rows={8}>
        {(found) => (
          <>
            <div class="two">
              <States batch={found} />
              <Details batch={found} />
            </div>
            <Messages batchId={batchId} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const STATES: [keyof Counts, string][] = [
  ["scheduled", "Scheduled"],
  ["pending", "Pending"],
  ["assigned", "Assigned"],
  ["sent", "Sent"],
  ["delivered", "Delivered"],
  ["failed", "Failed"],
  ["deadLetter", "DeadLetter"],
  ["cancelled", "Cancelled"],
];

/** How many of its messages are in each state; each count opens the list of those. */
function States({ batch }: { batch: Detail }) {
  const { counts } = batch;
  const { query } = useLocation();
  return (
    <section class="card" aria-labelledby="progress">
      <header>
        <h2 id="progress">{t`Progress`}</h2>
        <span class="soft small push">{progressSaid(batch, counts)}</span>
      </header>
      <div class="pad gap">
        <Progress counts={counts} of={batch.accepted} />
        <ul class="counts">
          {STATES.filter(([name]) => counts[name] > 0).map(([name, state]) => (
            <li key={name}>
              <a
                class={query.status === state ? "filter on" : "filter"}
                aria-current={query.status === state || undefined}
                href={query.status === state ? `/batches/${batch.batchId}` : `/batches/${batch.batchId}?status=${state}`}
              >
                {stateWord(state)} <b>{count(counts[name])}</b>
                {query.status === state && <Icon name="x" />}
              </a>
            </li>
          ))}
        </ul>
      </div>
      <footer>{t`Counts follow the messages within about a minute.`}</footer>
    </section>
  );
}

function Details({ batch }: { batch: Detail }) {
  const named = useSenders();
  const { refused, merged, segments } = batch;
  const rows: Fact[] = [
    [t`Source`, named(batch.clientId)],
    [t`Messages`, `${count(batch.accepted)}, ${plural(segments, { one: "# segment", other: "# segments" })}`],
    [t`Refused`, refused ? plural(refused, { one: "# row", other: "# rows" }) : undefined],
    [t`Merged`, merged ? plural(merged, { one: "# row to a number that came before", other: "# rows to numbers that came before" }) : undefined],
    [t`Priority`, String(batch.priority)],
    [t`To be sent`, batch.sendAt && moment(batch.sendAt)],
    [t`Cancelled`, batch.cancelledAt && moment(batch.cancelledAt)],
    [t`Id`, batch.batchId, true],
  ];
  return (
    <section class="card" aria-labelledby="facts">
      <header>
        <h2 id="facts">{t`Details`}</h2>
      </header>
      <div class="pad">
        <Facts rows={rows} />
      </div>
    </section>
  );
}
