import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { Empty, Loaded } from "../../parts/Loading";
import { stateWord } from "../../parts/State";
import { MessageTable } from "../messages/MessageTable";
import { useBatchMessages } from "./batches";

const MOST_LOOKS = 3;

/** The messages of a batch in the order of its rows, or those of them that the address asks for. */
export function Messages({ batchId }: { batchId: string }) {
  const { query } = useLocation();
  const { status } = query;
  const found = useBatchMessages(batchId, status);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const looks = found.data?.pages.length ?? 0;
  const messages = found.data?.pages.flatMap((page) => page.messages) ?? [];
  // The API looks at a bounded number of messages at a time, so there may be some further on.
  const looksOn = !messages.length && hasNextPage && looks < MOST_LOOKS && !isFetchingNextPage;
  useEffect(() => {
    if (looksOn) void fetchNextPage();
  }, [looksOn]);
  return (
    <section class="card" aria-labelledby="messages">
      <header>
        <h2 id="messages">{status ? stateWord(status) : t`Messages`}</h2>
      </header>
      <Loaded query={found} rows={8}>
        {() =>
          messages.length ? (
            <MessageTable messages={messages} says="text" caption={t`Messages of the batch, in the order of its rows`} />
          ) : (
            <Empty icon="messages" title={hasNextPage ? t`None so far` : t`No message fits`} />
          )
        }
      </Loaded>
      {hasNextPage && (
        <footer>
          <button type="button" class="btn small push" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t`Load more`}
          </button>
        </footer>
      )}
    </section>
  );
}
