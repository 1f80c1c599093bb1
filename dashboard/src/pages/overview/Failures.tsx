import { t } from "@lingui/core/macro";
import { useFailures } from "../../api/queries";
import type { Day } from "../../parts/days";
import { Empty, Loaded } from "../../parts/Loading";
import { MessageTable } from "../messages/MessageTable";

const SHOWN = 5;

/** The latest messages that didn't arrive, with the reason. */
export function Failures({ today }: { today: Day }) {
  const failures = useFailures(`${today.day} ${today.failed} ${today.dead}`, SHOWN);
  return (
    <section class="card">
      <header>
        <h2>{t`Latest failures`}</h2>
        <a class="push small medium" href="/messages?status=Failed,DeadLetter">
          {t`All failed messages`}
        </a>
      </header>
      <Loaded query={failures} rows={SHOWN}>
        {(found) =>
          found.length ? (
            <MessageTable messages={found} says="why" caption={t`Latest failures`} />
          ) : (
            <Empty icon="okc" title={t`Nothing has failed`} />
          )
        }
      </Loaded>
    </section>
  );
}
