import { t } from "@lingui/core/macro";
import type { Figures as Counted } from "../../parts/days";
import { count, share } from "../../texts/formats";

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

/** A day or an hour with its name. */
export interface Line extends Counted {
  key: string;
  name: string;
}

/** Whether anything happened then. */
export function isUsed({ accepted, sent, delivered, failed, dead }: Counted): boolean {
  return accepted + sent + delivered + failed + dead > 0;
}

/** Every figure of every day or hour, the newest first, and their totals above. */
export function Figures({ lines, caption, first }: { lines: Line[]; caption: string; first: string }) {
  const total = (column: Column) => lines.reduce((sum, one) => sum + one[column], 0);
  return (
    <div class="figures-wrap" role="region" aria-label={caption} tabIndex={0}>
      <table class="figures">
        <caption class="sr">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{first}</th>
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
            <th scope="row">{t`Together`}</th>
            {COLUMNS.map((column) => (
              <td key={column}>{count(total(column))}</td>
            ))}
            <td>{total("accepted") ? share(total("delivered"), total("accepted")) : "–"}</td>
          </tr>
          {lines.toReversed().map((one) => (
            <tr key={one.key} class={isUsed(one) ? undefined : "none"}>
              <th scope="row">{one.name}</th>
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
