import { plural, t } from "@lingui/core/macro";
import { useLocation, useRoute } from "preact-iso";
import { useCallback, useEffect, useRef } from "preact/hooks";
import type { Schemas } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Empty, Loaded } from "../../parts/Loading";
import { useMay } from "../../session/role";
import { useKeys } from "../../shell/keys";
import { Page } from "../../shell/Page";
import { day } from "../../texts/formats";
import { Drawer } from "./Drawer";
import { ExportButton } from "./ExportButton";
import { Filters } from "./Filters";
import { type Filter, useAsked, useFilter } from "./filter";
import { useMessageList } from "./list";
import { MessageTable } from "./MessageTable";
import "../../styles/messages.css";

const MOST_LOOKS = 3;

type Pages = ReturnType<typeof useMessageList>["pages"];

export default function Messages() {
  const { params } = useRoute();
  const jobId = params.jobId;
  const [filter, change] = useFilter();
  const asked = useAsked(filter);
  const { pages: found, messages, waiting, isMany, showNew } = useMessageList(asked);
  const canSend = useMay("operator");
  const search = useRef<HTMLInputElement>(null);
  const walk = useWalk(messages, jobId);
  useKeys({ "/": () => search.current?.focus(), j: () => walk(1), k: () => walk(-1) });

  return (
    <>
      <Page
        title={t`Messages`}
        actions={
          <>
            <ExportButton asked={asked} />
            {canSend && (
              <a class="btn primary only-wide" href="/send">
                <Icon name="send" />
                {t`Send message`}
              </a>
            )}
            {canSend && (
              <a class="btn quiet icon only-narrow" href="/send" aria-label={t`Send a message`}>
                <Icon name="pen" />
              </a>
            )}
          </>
        }
      >
        <Filters filter={filter} onChange={change} search={search} />
        <section class="card">
          <Loaded query={found} rows={12}>
            {() => (messages.length ? <List messages={messages} chosen={jobId} /> : <None filter={filter} found={found} />)}
          </Loaded>
          {messages.length > 0 && <Older found={found} />}
        </section>
        <New waiting={waiting} isMany={isMany} onShow={showNew} />
      </Page>
      {jobId && <Drawer key={jobId} jobId={jobId} onWalk={walk} />}
    </>
  );
}

/** What came while somebody reads further down; it is said once, and waits. */
function New({ waiting, isMany, onShow }: { waiting: number; isMany: boolean; onShow: () => void }) {
  const said = isMany ? t`Many new messages` : plural(waiting, { one: "# new message", other: "# new messages" });
  return (
    <div class="new-at-top" role="status">
      {waiting > 0 && (
        <button
          type="button"
          class="btn small newpill"
          onClick={() => {
            scrollTo({ top: 0 });
            onShow();
          }}
        >
          <Icon name="left" tone="up" />
          {said}
        </button>
      )}
    </div>
  );
}

/** Loads what is older, also by itself once it comes into view. */
function Older({ found }: { found: Pages }) {
  const button = useRef<HTMLButtonElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage, isError } = found;
  useEffect(() => {
    if (!button.current || isFetchingNextPage || isError) return undefined;
    const observer = new IntersectionObserver(([entry]) => entry!.isIntersecting && scrollY > 0 && void fetchNextPage());
    observer.observe(button.current);
    return () => observer.disconnect();
  }, [hasNextPage, isFetchingNextPage, isError]);
  return (
    <footer>
      <span>{hasNextPage ? t`Newest first, 50 a page` : t`That is all`}</span>
      {hasNextPage && (
        <button ref={button} type="button" class="btn small push" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t`Load older`}
        </button>
      )}
    </footer>
  );
}

function List({ messages, chosen }: { messages: Schemas["MessageView"][]; chosen?: string }) {
  const { query } = useLocation();
  const text = new URLSearchParams(query).toString();
  const path = useCallback((jobId: string) => `/messages/${jobId}${text ? `?${text}` : ""}`, [text]);
  return <MessageTable messages={messages} says="text" caption={t`Messages, newest first`} chosen={chosen} path={path} />;
}

/** Goes to the next message of the list, or the one before. */
function useWalk(messages: Schemas["MessageView"][], jobId?: string): (step: number) => void {
  const { route, query } = useLocation();
  return (step) => {
    const at = messages.findIndex((message) => message.jobId === jobId);
    const next = messages[at < 0 ? 0 : at + step];
    const text = new URLSearchParams(query).toString();
    if (next) route(`/messages/${next.jobId}${text ? `?${text}` : ""}`, jobId !== undefined);
  };
}

/** Nothing on the pages so far. The API looks at a bounded number of messages at a time, so there may be some further back. */
function None({ filter, found }: { filter: Filter; found: Pages }) {
  const isFiltered = Boolean(filter.status || filter.number || filter.deviceId);
  const looks = found.data?.pages.length ?? 0;
  const last = found.data?.pages.at(-1) as { lookedBackTo?: string } | undefined;
  if (found.hasNextPage && looks < MOST_LOOKS && !found.isFetchingNextPage) void found.fetchNextPage();
  const back = last?.lookedBackTo ? day(last.lookedBackTo) : undefined;
  return (
    <Empty
      icon="messages"
      title={isFiltered ? t`No message fits` : t`No message today`}
      action={
        found.hasNextPage ? (
          <button type="button" class="btn" onClick={() => void found.fetchNextPage()}>
            {t`Look further back`}
          </button>
        ) : undefined
      }
    >
      {back ? t`None back to ${back}.` : isFiltered ? t`Change the filter, or clear it.` : t`What your programs and people send shows here.`}
    </Empty>
  );
}
