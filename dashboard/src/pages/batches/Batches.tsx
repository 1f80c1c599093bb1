import { plural, t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { Empty, Loaded } from "../../parts/Loading";
import { ActionLink, OfflineNote } from "../../parts/Offline";
import { RoleNote } from "../../parts/RoleNote";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { moment } from "../../texts/formats";
import { Head } from "../messages/MessageTable";
import { type Batch, isScheduled, useBatch, useBatches, useSenders } from "./batches";
import { Progress, progressSaid } from "./Progress";
import "../../styles/batches.css";

/** What was sent to many at once, and how far it has come. */
export default function Batches() {
  const batches = useBatches();
  const may = useMay("operator");
  return (
    <Page title={t`Batches`} actions={may && <SendButton />}>
      <OfflineNote />
      <RoleNote least="operator" />
      <section class="card">
        <Loaded query={batches} rows={6}>
          {({ pages }) => {
            const found = pages.flatMap((page) => page.batches);
            return found.length ? <List batches={found} /> : <None may={may} />;
          }}
        </Loaded>
        {batches.hasNextPage && (
          <footer>
            <button type="button" class="btn small push" disabled={batches.isFetchingNextPage} onClick={() => void batches.fetchNextPage()}>
              {t`Load older`}
            </button>
          </footer>
        )}
      </section>
    </Page>
  );
}

function SendButton() {
  return (
    <ActionLink path="/send/many" icon="send">
      {t`Send to many`}
    </ActionLink>
  );
}

function None({ may }: { may: boolean }) {
  return (
    <Empty icon="batches" title={t`No batch yet`} action={may && <SendButton />}>
      {t`A batch is one message to up to 1,000 recipients, with values of their own. People send it here, programs by the API.`}
    </Empty>
  );
}

function List({ batches }: { batches: Batch[] }) {
  const named = useSenders();
  return (
    <div class="table-wrap">
      <table class="table batches" role="table">
        <caption class="sr">{t`Batches, newest first`}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <Head className="w-to">{t`Messages`}</Head>
            <Head className="w-src">{t`Source`}</Head>
            <Head>{t`Progress`}</Head>
            <Head className="w-when end">{t`Accepted`}</Head>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {batches.map((batch) => (
            <Row key={batch.batchId} batch={batch} source={named(batch.clientId)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ batch, source }: { batch: Batch; source: string }) {
  const { route } = useLocation();
  const { data } = useBatch(batch.batchId);
  const path = `/batches/${batch.batchId}`;
  const due = batch.sendAt && isScheduled(batch) && moment(batch.sendAt);
  return (
    <tr role="row" onClick={(event) => !(event.target as HTMLElement).closest("a") && !getSelection()?.toString() && route(path)}>
      <td role="cell" class="c-to">
        <a class="to" href={path}>
          {plural(batch.accepted, { one: "# message", other: "# messages" })}
        </a>
      </td>
      <td role="cell" class="c-phone">
        <span class="soft">{source}</span>
      </td>
      <td role="cell" class="c-text">
        {data && <Progress counts={data.counts} of={batch.accepted} />}
        <p class="soft small cut">{due ? t`Goes out ${due}` : data && progressSaid(batch, data.counts)}</p>
      </td>
      <td role="cell" class="c-when end">
        <span class="soft num">{moment(batch.createdAt)}</span>
      </td>
    </tr>
  );
}
