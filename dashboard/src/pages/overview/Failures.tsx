import { t } from "@lingui/core/macro";
import { useMessages } from "../../api/queries";
import { Empty, Loaded } from "../../parts/Loading";
import { MessageTable } from "../messages/MessageTable";

const SHOWN = 5;

/** The latest messages that didn't arrive, with the reason. */
export function Failures() {
  const failures = useMessages({ status: "Failed,DeadLetter", limit: SHOWN });
  return (
    <section class="card">
      <header>
        <h2>{t`Latest failures`}</h2>
        <a class="push small medium" href="/messages?status=Failed,DeadLetter">
          {t`All failed messages`}
        </a>
      </header>
      <Loaded query={failures} rows={SHOWN}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.messages);
          return found.length ? (
            <MessageTable messages={found.slice(0, SHOWN)} says="why" caption={t`Latest failures`} />
          ) : (
            <Empty icon="okc" title={t`Nothing has failed`} />
          );
        }}
      </Loaded>
    </section>
  );
}
