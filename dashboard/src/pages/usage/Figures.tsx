import { t } from "@lingui/core/macro";
import type { Day } from "../../parts/days";
import { count, plainLongDay, share } from "../../texts/formats";

const COLUMNS = ["accepted", "segments", "sent", "delivered", "failed", "dead"] as const;
type Column = (typeof COLUMNS)[number];

function columnName(column: Column): string {
  return {
    accepted: t`Accepted`,
    segments: t`Segments`,
    sent: t`Sent`,
    delivered: t`Delivered`,
    failed: t`Failed`,
    dead: t`Dead letters`,
  }[column];
}

/** Every figure of every day, the newest day first, and their totals above. */
export function Figures({ days, today }: { days: Day[]; today: string }) {
  const total = (column: Column) => days.reduce((sum, one) => sum + one[column], 0);
  return (
    <div class="figures-wrap" role="region" aria-label={t`Figures by day`} tabIndex={0}>
      <table class="figures">
        <caption class="sr">{t`Figures by day, newest first`}</caption>
        <thead>
          <tr>
            <th scope="col">{t`Day`}</th>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {columnName(column)}
              </th>
            ))}
            <th scope="col">{t`Share delivered`}</th>
          </tr>
        </thead>
        <tbody>
          <tr class="total">
            <th scope="row">{t`All days`}</th>
            {COLUMNS.map((column) => (
              <td key={column}>{count(total(column))}</td>
            ))}
            <td>{total("accepted") ? share(total("delivered"), total("accepted")) : "–"}</td>
          </tr>
          {days.toReversed().map((one) => (
            <tr key={one.day} class={one.accepted || one.sent || one.delivered || one.failed || one.dead ? undefined : "none"}>
              <th scope="row">{one.day === today ? t`Today` : plainLongDay(one.day)}</th>
              {COLUMNS.map((column) => (
                <td key={column} class={one[column] && (column === "failed" || column === "dead") ? "down" : undefined}>
                  {count(one[column])}
                </td>
              ))}
              <td>{one.accepted ? share(one.delivered, one.accepted) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
