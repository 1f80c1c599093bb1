import { plural, t } from "@lingui/core/macro";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { moment } from "../../texts/formats";
import { Head } from "../messages/MessageTable";
import type { Fields } from "../send/fields";
import { type Refused, refusedOf } from "./refused";
import type { Accepted } from "./request";
import type { Row } from "./rows";

export interface Sent {
  /** What was in the form: the line with the names, and all but the recipients. */
  head: string | undefined;
  fields: Fields;
  accepted: Accepted;
  rows: Row[];
}

/** What became of each row: how many go out, and which don't, why. `onAgain` puts those back into the form. */
export function Outcome({ sent, onAgain, onClose }: { sent: Sent; onAgain: (rows: Row[]) => void; onClose: () => void }) {
  const card = useRef<HTMLElement>(null);
  useEffect(() => card.current?.scrollIntoView({ block: "nearest" }), []);
  const { accepted, merged, batchId, sendAt } = sent.accepted;
  const refused = refusedOf(sent.accepted.refused, sent.rows);
  const at = sendAt && moment(sendAt);
  return (
    <section ref={card} class="card follow" aria-labelledby="outcome">
      <header>
        <div role="status">
          <h2 id="outcome">{plural(accepted.length, { one: "# message accepted", other: "# messages accepted" })}</h2>
        </div>
        <button type="button" class="btn quiet icon small push" aria-label={t`Dismiss`} onClick={onClose}>
          <Icon name="x" />
        </button>
      </header>
      <div class="pad gap">
        {at && <p class="soft">{t`They go out ${at}.`}</p>}
        {merged.length > 0 && (
          <p class="soft">
            {plural(merged.length, {
              one: "# row is to a number that came before, and is left out.",
              other: "# rows are to numbers that came before, and are left out.",
            })}
          </p>
        )}
        {refused.length === 0 && !merged.length && !at && <p class="soft">{t`Every row became a message.`}</p>}
      </div>
      {refused.length > 0 && <RefusedRows refused={refused} />}
      <footer>
        <a href={`/batches/${batchId}`}>{t`Open the batch`}</a>
        {refused.length > 0 && (
          <button type="button" class="btn small push" onClick={() => onAgain(refused.map(({ row }) => row))}>
            {t`Mend the refused rows`}
          </button>
        )}
      </footer>
    </section>
  );
}

/** Rows that became no message, with the line that each was written in. */
export function RefusedRows({ refused }: { refused: Refused[] }) {
  return (
    <div class="table-wrap refused" tabIndex={0} role="group" aria-label={t`Refused rows`}>
      <table class="table" role="table">
        <caption class="sr">{t`Refused rows`}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <Head className="w-line">{t`Line`}</Head>
            <Head className="w-to">{t`Number`}</Head>
            <Head>{t`Why`}</Head>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {refused.map(({ row, why }) => (
            <tr key={row.line} role="row">
              <td role="cell" class="c-when num soft">
                {row.line}
              </td>
              <td role="cell" class="c-to num">
                <bdi class="cut">{row.recipient}</bdi>
              </td>
              <td role="cell" class="c-text">
                <span class="cut">{why}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
