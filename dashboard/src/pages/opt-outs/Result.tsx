import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { useOptOutHistory } from "../../api/account";
import { fieldError } from "../../api/problems";
import type { Schemas } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Bones, Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { useMay } from "../../session/role";
import { clock, date, phoneNumber } from "../../texts/formats";
import { OptIn } from "./dialogs";
import { useSourceName } from "./words";

type Change = Schemas["OptOutChangeView"];

/** Whether a number may be written to, and everything that changed that. */
export function Result({ asked, onOptOut }: { asked: string; onOptOut: (number: string) => void }) {
  const history = useOptOutHistory(asked);
  const canChange = useMay("operator");
  const isOff = useOff();
  const [isAsking, ask] = useState(false);
  const first = history.data?.pages[0];
  if (!first) {
    const wrong = fieldError(history.error, "number");
    if (wrong) return <Refused says={wrong} />;
    return <section class="card">{history.error ? <Failure error={history.error} again={() => void history.refetch()} /> : <Bones rows={2} />}</section>;
  }
  const { number } = first;
  const entries = history.data!.pages.flatMap((page) => page.entries);
  const last = entries[0];
  const isOut = last?.change === "opted-out";
  return (
    <section class="card" aria-labelledby="found">
      <div class="found">
        <span class={isOut ? "node bad" : "node ok"}>
          <Icon name={isOut ? "optout" : "okc"} />
        </span>
        <div>
          <h2 id="found" class="num">
            {phoneNumber(number)}
          </h2>
          <p class="soft">
            <Standing last={last} />
          </p>
        </div>
        <div class="row push">
          <a class="btn" href={`/messages?number=${encodeURIComponent(number)}`}>
            <Icon name="messages" />
            {t`Messages`}
          </a>
          {canChange && (
            <button type="button" class="btn" disabled={isOff} onClick={() => (isOut ? ask(true) : onOptOut(number))}>
              {isOut ? t`Opt in again` : t`Opt out`}
            </button>
          )}
        </div>
      </div>
      {entries.length > 0 && <History entries={entries} />}
      {history.hasNextPage && (
        <footer>
          <button type="button" class="btn small push" disabled={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
            {t`Load older`}
          </button>
        </footer>
      )}
      {isAsking && <OptIn number={number} onClose={() => ask(false)} />}
    </section>
  );
}

function Standing({ last }: { last?: Change }) {
  if (!last) return <>{t`Has never opted out. You may write to it.`}</>;
  const since = date(last.at);
  return <>{last.change === "opted-out" ? t`Opted out since ${since}. Messages to it are refused.` : t`Opted in again on ${since}. You may write to it.`}</>;
}

function History({ entries }: { entries: Change[] }) {
  const named = useSourceName();
  return (
    <div class="pad">
      <h3 class="small faint lead">{t`History`}</h3>
      <ol class="line gap-top">
        {entries.map((entry) => (
          <li key={entry.at}>
            <span class={entry.change === "opted-out" ? "node bad" : "node ok"}>
              <Icon name={entry.change === "opted-out" ? "optout" : "check"} />
            </span>
            <div class="what">
              <span class="medium">{entry.change === "opted-out" ? t`Opted out` : t`Opted in`}</span>
              <p>
                {named(entry.source)}
                {entry.reason && (
                  <>
                    {": "}
                    <bdi>{entry.reason}</bdi>
                  </>
                )}
              </p>
            </div>
            <div class="at">
              {date(entry.at)}
              <small>{clock(entry.at)}</small>
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

function Refused({ says }: { says: string }) {
  return (
    <div class="note bad" role="alert">
      <Icon name="alert" />
      <div>
        <h2>{t`This is not a number that can get an SMS`}</h2>
        <p>{says}</p>
      </div>
    </div>
  );
}
