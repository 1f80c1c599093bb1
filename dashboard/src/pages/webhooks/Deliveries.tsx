import { t } from "@lingui/core/macro";
import { useEffect, useState } from "preact/hooks";
import { Empty, Loaded } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { useMay } from "../../session/role";
import { Head } from "../messages/MessageTable";
import { Bins, SHOWN } from "./Bins";
import { DeliveryRow } from "./DeliveryRow";
import { LogFilters, useLogFilter } from "./LogFilters";
import { type Delivery, useDeliveries, type Webhook } from "./webhooks";

const MOST_LOOKS = 3;
/** Rows that stand there before older ones are asked for. */
const ROWS = 20;

/** The log of an endpoint: how the last ones went, then each with its tries. */
export function Deliveries({ webhook, onReplaySince }: { webhook: Webhook; onReplaySince: () => void }) {
  const [filter, change] = useLogFilter();
  const last = useDeliveries(webhook.webhookId);
  const found = useDeliveries(webhook.webhookId, filter);
  const newest = last.data?.pages[0]?.deliveries ?? [];
  const deliveries = found.data?.pages.flatMap((page) => page.deliveries) ?? [];
  const [rows, show] = useState(ROWS);
  function older() {
    show(rows + ROWS);
    if (deliveries.length < rows + ROWS && found.hasNextPage) void found.fetchNextPage();
  }
  return (
    <section class="card">
      <header class="with-filters">
        <h2>{t`Deliveries`}</h2>
        <LogFilters filter={filter} onChange={change} />
      </header>
      {newest.length > 0 && <Health newest={newest} />}
      <Loaded query={found} rows={8}>
        {() =>
          deliveries.length ? (
            <Log webhook={webhook} deliveries={deliveries.slice(0, rows)} />
          ) : (
            <None found={found} isFiltered={Boolean(filter.status ?? filter.event)} />
          )
        }
      </Loaded>
      {deliveries.length > 0 && (
        <footer>
          <span>{webhook.status === "Suspended" ? t`Kept for 30 days. Sent again only once it is enabled.` : t`Kept for 30 days`}</span>
          <span class="push row">
            <Since isAwake={webhook.status !== "Suspended"} onClick={onReplaySince} />
            {(found.hasNextPage || deliveries.length > rows) && (
              <button type="button" class="btn small" disabled={found.isFetchingNextPage} onClick={older}>
                {t`Load older`}
              </button>
            )}
          </span>
        </footer>
      )}
    </section>
  );
}

function Health({ newest }: { newest: Delivery[] }) {
  const shown = Math.min(newest.length, SHOWN);
  return (
    <div class="health">
      <span class="faint small nowrap">{t`Last ${shown}`}</span>
      <Bins deliveries={newest} legend />
    </div>
  );
}

function Since({ isAwake, onClick }: { isAwake: boolean; onClick: () => void }) {
  const may = useMay("operator");
  const isOff = useOff();
  if (!may) return null;
  return (
    <button type="button" class="btn small" disabled={!isAwake || isOff} onClick={onClick}>
      {t`Send again since…`}
    </button>
  );
}

function Log({ webhook, deliveries }: { webhook: Webhook; deliveries: Delivery[] }) {
  return (
    <div class="table-wrap">
      <table class="table" role="table">
        <caption class="sr">{t`Deliveries, newest event first`}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <Head className="w-event">{t`Event`}</Head>
            <Head className="w-state">{t`Status`}</Head>
            <Head className="w-http">{t`Answer`}</Head>
            <Head className="w-tries">{t`Tries`}</Head>
            <Head className="w-when2 end">{t`Happened`}</Head>
            <Head className="w-act end">
              <span class="sr">{t`Actions`}</span>
            </Head>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.deliveryId} webhook={webhook} delivery={delivery} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Nothing on the pages so far; the API looks at a bounded number at a time, so there may be some further back. */
function None({ found, isFiltered }: { found: ReturnType<typeof useDeliveries>; isFiltered: boolean }) {
  const looks = found.data?.pages.length ?? 0;
  const goesOn = found.hasNextPage && looks < MOST_LOOKS && !found.isFetchingNextPage;
  useEffect(() => {
    if (goesOn) void found.fetchNextPage();
  }, [goesOn]);
  return (
    <Empty
      icon="webhook"
      title={isFiltered ? t`No delivery fits` : t`No delivery yet`}
      action={
        found.hasNextPage ? (
          <button type="button" class="btn" onClick={() => void found.fetchNextPage()}>
            {t`Look further back`}
          </button>
        ) : undefined
      }
    >
      {isFiltered ? t`Change the filter, or clear it.` : t`Each event that goes to this endpoint shows here, with its tries. Send a ping to see one.`}
    </Empty>
  );
}
