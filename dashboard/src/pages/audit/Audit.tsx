import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useAudit, useMembers } from "../../api/account";
import { Chooser } from "../../parts/Chooser";
import { Empty, Loaded } from "../../parts/Loading";
import { OfflineNote } from "../../parts/Offline";
import { useMay } from "../../session/role";
import { useMe } from "../../api/queries";
import { Page } from "../../shell/Page";
import { day } from "../../texts/formats";
import { AREAS, areaName, areaOf } from "./areas";
import { Entries } from "./Entries";
import type { Entry } from "./sentences";
import "../../styles/audit.css";

/** How many pages it looks through by itself before it asks whether to go on. */
const MOST_LOOKS = 3;

export default function Audit() {
  const { data: me } = useMe();
  const isOwner = useMay("owner");
  return (
    <Page title={t`Audit log`}>
      <OfflineNote />
      {isOwner && <Log />}
      {me && !isOwner && (
        <section class="card">
          <Empty icon="lock" title={t`Only owners read the audit log`}>
            {t`An owner of the account can give you that role.`}
          </Empty>
        </section>
      )}
    </Page>
  );
}

interface Filter {
  person?: string;
  area?: string;
}

function Log() {
  const { query, path, route } = useLocation();
  const filter: Filter = { person: query.person, area: query.area };
  const found = useAudit();
  const entries = (found.data?.pages.flatMap((page) => page.entries) ?? []).filter((entry) => fits(entry, filter));
  const looks = found.data?.pages.length ?? 0;
  const isLooking = entries.length === 0 && found.hasNextPage && looks < MOST_LOOKS;
  if (isLooking && !found.isFetchingNextPage && !found.isError) void found.fetchNextPage();

  function change(wanted: Filter) {
    const next = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...filter, ...wanted })) if (value) next.set(name, value as string);
    const text = next.toString();
    route(text ? `${path}?${text}` : path, true);
  }

  return (
    <>
      <Filters filter={filter} onChange={change} />
      <Loaded query={found} rows={10}>
        {() =>
          entries.length ? <Entries entries={entries} /> : <None found={found} isFiltered={Boolean(filter.person || filter.area)} />
        }
      </Loaded>
      {found.hasNextPage && entries.length > 0 && (
        <button type="button" class="btn center" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t`Load older`}
        </button>
      )}
      {found.data && !found.hasNextPage && entries.length > 0 && <p class="faint small center">{t`That is all. Entries are kept for a year.`}</p>}
    </>
  );
}

function fits(entry: Entry, { person, area }: Filter): boolean {
  return (!person || entry.personId === person) && (!area || areaOf(entry) === area);
}

function Filters({ filter, onChange }: { filter: Filter; onChange: (change: Filter) => void }) {
  const { data: members = [] } = useMembers();
  const person = members.find((one) => one.personId === filter.person);
  const area = AREAS.find((one) => one === filter.area);
  return (
    <div class="tools" role="search" aria-label={t`Filters`}>
      <div class="filters scroll-x">
        <Chooser
          name={t`Person`}
          value={filter.person && (person?.email ?? filter.person)}
          options={members.map((one) => [one.personId, one.email])}
          chosen={filter.person}
          onChoose={(wanted) => onChange({ person: wanted })}
        />
        <Chooser
          name={t`About`}
          value={area && areaName(area)}
          options={AREAS.map((one) => [one, areaName(one)])}
          chosen={filter.area}
          onChoose={(wanted) => onChange({ area: wanted })}
        />
        {(filter.person || filter.area) && (
          <button type="button" class="link small" onClick={() => onChange({ person: undefined, area: undefined })}>
            {t`Clear`}
          </button>
        )}
      </div>
    </div>
  );
}

function None({ found, isFiltered }: { found: ReturnType<typeof useAudit>; isFiltered: boolean }) {
  const last = found.data?.pages.at(-1)?.entries.at(-1);
  const back = last && day(last.at);
  return (
    <section class="card">
      <Empty
        icon="audit"
        title={isFiltered ? t`No entry fits` : t`Nothing has been done yet`}
        action={
          found.hasNextPage ? (
            <button type="button" class="btn" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
              {t`Look further back`}
            </button>
          ) : undefined
        }
      >
        {isFiltered && back ? t`None back to ${back}.` : t`What people do here, and what is done on the command line, stands in this list for a year.`}
      </Empty>
    </section>
  );
}
