import { plural, t } from "@lingui/core/macro";
import { count } from "../../texts/formats";
import { type Batch, type Counts, isScheduled, openOf } from "./batches";

const WIDTH = 100;

/** How far a batch has come, as one bar: delivered, sent without a report so far, failed; what is left waits. */
export function Progress({ counts, of }: { counts: Counts; of: number }) {
  const parts: [string, number][] = [
    ["k-delivered", counts.delivered],
    ["k-sent", counts.sent],
    ["k-failed", counts.failed + counts.deadLetter],
  ];
  let from = 0;
  return (
    <svg class="meter" viewBox={`0 0 ${WIDTH} 4`} preserveAspectRatio="none" aria-hidden="true">
      {parts.map(([tone, value]) => {
        const width = of ? (WIDTH * value) / of : 0;
        const bar = <rect key={tone} class={tone} x={from} width={width} height="4" />;
        from += width;
        return bar;
      })}
    </svg>
  );
}

/** How far it has come, in words. */
export function progressSaid(batch: Batch, counts: Counts): string {
  const [delivered, all] = [count(counts.delivered), count(batch.accepted)];
  const lost = counts.failed + counts.deadLetter;
  const arrived = lost
    ? plural(lost, { one: `${delivered} of ${all} delivered, # failed`, other: `${delivered} of ${all} delivered, # failed` })
    : t`${delivered} of ${all} delivered`;
  if (batch.cancelledAt) return plural(counts.cancelled, { one: `Cancelled: ${arrived}, # withdrawn`, other: `Cancelled: ${arrived}, # withdrawn` });
  if (isScheduled(batch)) return plural(counts.scheduled, { one: "# waits for its time", other: "# wait for their time" });
  const open = openOf(counts);
  return open ? plural(open, { one: `${arrived}, # on its way`, other: `${arrived}, # on their way` }) : arrived;
}
