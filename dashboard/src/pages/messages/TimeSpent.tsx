import { t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";
import type { Schemas } from "../../api/queries";
import { duration } from "../../texts/formats";

type Detail = Schemas["MessageDetail"];

/** Longer than this is too long, in milliseconds. Waiting: what the product promises of an urgent message. */
const SHOULD = { wait: 3_000, phone: 10_000, network: 30_000 };
const WIDTH = 163;
const GAP = 1;

/** Where the time went: waiting for a phone, on the phone, in the network. A part that took too long is amber. */
export function TimeSpent({ message }: { message: Detail }) {
  const parts = partsOf(message);
  const whole = parts.reduce((sum, part) => sum + part.ms, 0);
  if (!whole) return null;
  let from = 0;
  return (
    <section class="spent">
      <div class="row">
        <h3>{t`Where the time went`}</h3>
        <span class="faint small push">{duration(whole)}</span>
      </div>
      <svg viewBox={`0 0 ${WIDTH} 8`} preserveAspectRatio="none" aria-hidden="true">
        {parts.map((part) => {
          const width = (WIDTH * part.ms) / whole;
          const isLast = part === parts.at(-1);
          const bar = <rect key={part.name} class={part.tone} x={from} width={Math.max(GAP, isLast ? width : width - GAP)} height="8" />;
          from += width;
          return bar;
        })}
      </svg>
      <div class="legend">
        {parts.map((part) => (
          <span key={part.name}>
            <i class={part.tone} />
            {part.name} {duration(part.ms)}
          </span>
        ))}
      </div>
    </section>
  );
}

function partsOf(message: Detail): { name: string; tone: string; ms: number }[] {
  const begun = Date.parse(message.createdAt);
  const assigned = message.tries.at(-1)?.assignedAt;
  const last = assigned ? Date.parse(assigned) : undefined;
  const sent = message.sentAt ? Date.parse(message.sentAt) : undefined;
  const delivered = message.deliveredAt ? Date.parse(message.deliveredAt) : undefined;
  const ended = message.failedAt ? Date.parse(message.failedAt) : undefined;
  const waited = (last ?? ended ?? serverNow()) - begun;
  const parts = [{ name: t`Waiting`, tone: waited > SHOULD.wait ? "s-wait" : "s-idle", ms: waited }];
  if (last) {
    const onPhone = (sent ?? ended ?? serverNow()) - last;
    parts.push({ name: t`Phone`, tone: onPhone > SHOULD.phone ? "s-wait" : "s-phone", ms: onPhone });
  }
  if (sent && delivered) {
    const inNetwork = delivered - sent;
    parts.push({ name: t`Network`, tone: inNetwork > SHOULD.network ? "s-wait" : "s-net", ms: inNetwork });
  }
  return parts.filter((part) => part.ms > 0);
}
