import { plural, t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";
import type { Schemas } from "../../api/queries";
import { count, longDay, share } from "../../texts/formats";

const WIDTH = 1000;
const GAP = 2;

/** Today in four figures, each of which opens the list that it counts; their share as one bar. */
export function Today({ day }: { day: Schemas["DayView"] }) {
  const { accepted, segments, sent, delivered, failed, dead } = day;
  const onTheirWay = Math.max(0, sent - delivered);
  const waiting = Math.max(0, accepted - sent - failed - dead);
  const lost = failed + dead;
  const today = longDay(serverNow());
  const waitingSaid = count(waiting);
  const sentSaid = count(onTheirWay);
  return (
    <section class="card kpi-card" aria-label={t`Today, ${today}`}>
      <dl class="kpis">
        <Figure name={t`Accepted today`} value={accepted} path="/messages">
          {plural(segments, { one: "# segment", other: "# segments" })}
        </Figure>
        <Figure name={t`Delivered`} value={delivered} path="/messages?status=Delivered">
          {t`${share(delivered, accepted)} of accepted`}
        </Figure>
        <Figure name={t`In progress`} value={waiting + onTheirWay} path="/messages?status=Pending,Assigned,Sent">
          {t`${waitingSaid} waiting, ${sentSaid} sent`}
        </Figure>
        <Figure name={t`Failed`} value={lost} path="/messages?status=Failed,DeadLetter">
          <span class={lost ? "down" : undefined}>{share(lost, accepted)}</span>
          {plural(dead, { one: ", # dead letter", other: ", # dead letters" })}
        </Figure>
      </dl>
      <Share parts={[["k-delivered", delivered], ["k-sent", waiting + onTheirWay], ["k-failed", lost]]} />
    </section>
  );
}

function Figure({ name, value, path, children }: { name: string; value: number; path: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="figure">
        <a href={path}>{count(value)}</a>
      </dd>
      <dd class="sub">{children}</dd>
    </div>
  );
}

function Share({ parts }: { parts: [string, number][] }) {
  const whole = parts.reduce((sum, [, value]) => sum + value, 0);
  let from = 0;
  return (
    <svg class="share" viewBox={`0 0 ${WIDTH} 4`} preserveAspectRatio="none" aria-hidden="true">
      {whole === 0 && <rect class="k-none" width={WIDTH} height="4" />}
      {parts
        .filter(([, value]) => value > 0)
        .map(([tone, value]) => {
          const width = (WIDTH * value) / whole;
          const isLast = from + width > WIDTH - GAP;
          const bar = <rect key={tone} class={tone} x={from} width={Math.max(GAP, isLast ? width : width - GAP)} height="4" />;
          from += width;
          return bar;
        })}
    </svg>
  );
}
