import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { type Schemas, useUsage } from "../../api/queries";
import { Loaded } from "../../parts/Loading";
import { count, day as shortDay, longDay } from "../../texts/formats";

type Day = Schemas["DayView"];

const SHOWN = 14;
const DAY_MS = 86_400_000;
const BOX = { width: 620, height: 284, left: 34, bottom: 22, top: 12 };
const NARROW_DAYS = 7;

/** Messages of the last fourteen days as stacked bars: arrow keys walk the days, a table holds every figure. */
export function Days({ today }: { today: Day }) {
  const first = new Date(Date.parse(`${today.day}T12:00:00Z`) - (SHOWN - 1) * DAY_MS).toISOString().slice(0, 10);
  const usage = useUsage(first, today.day);
  return (
    <section class="card">
      <header class="chart-head">
        <h2>{t`Messages by day`}</h2>
        <Legend />
      </header>
      <Loaded query={usage}>{({ days }) => <Bars days={filled(first, SHOWN, days, today)} />}</Loaded>
    </section>
  );
}

export function Legend() {
  return (
    <div class="legend push">
      <span>
        <i class="k-delivered" />
        {t`Delivered`}
      </span>
      <span>
        <i class="k-sent" />
        {t`Sent, no report yet`}
      </span>
      <span>
        <i class="k-failed" />
        {t`Failed`}
      </span>
    </div>
  );
}

/** Every day from `first` on; those on which nothing was sent too. */
export function filled(first: string, length: number, days: Day[], today?: Day): Day[] {
  const known = new Map(days.map((one) => [one.day, one]));
  if (today) known.set(today.day, today);
  return Array.from({ length }, (_, at) => {
    const day = new Date(Date.parse(`${first}T12:00:00Z`) + at * DAY_MS).toISOString().slice(0, 10);
    return known.get(day) ?? { day, accepted: 0, segments: 0, sent: 0, delivered: 0, failed: 0, dead: 0 };
  });
}

function partsOf(one: Day): [string, number][] {
  return [
    ["k-delivered", one.delivered],
    ["k-sent", Math.max(0, one.sent - one.delivered)],
    ["k-failed", one.failed + one.dead],
  ];
}

export function Bars({ days }: { days: Day[] }) {
  const [chosen, choose] = useState<number | undefined>();
  const most = Math.max(1, ...days.map((one) => partsOf(one).reduce((sum, [, value]) => sum + value, 0)));
  const top = roundUp(most);
  const said = days.map((one) => partsOf(one).reduce((sum, [, value]) => sum + value, 0));
  const least = count(Math.min(...said));
  const greatest = count(Math.max(...said));

  function walk(event: KeyboardEvent) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    choose(Math.min(days.length - 1, Math.max(0, (chosen ?? days.length - 1) + step)));
  }

  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${BOX.width} ${BOX.height}`}
        role="img"
        tabIndex={0}
        aria-label={t`Messages by day: between ${least} and ${greatest} a day. Arrow keys walk the days; the table has each figure.`}
        onKeyDown={walk}
        onMouseLeave={() => choose(undefined)}
        onBlur={() => choose(undefined)}
      >
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <path class="grid" d={`M${BOX.left} ${yOf(value, top)}H${BOX.width}`} />
            <text x={BOX.left - 8} y={yOf(value, top) + 4} text-anchor="end">
              {short(value)}
            </text>
          </g>
        ))}
        {days.map((one, at) => (
          <Column key={one.day} day={one} at={at} of={days.length} top={top} isHot={chosen === at} onChoose={() => choose(at)} />
        ))}
      </svg>
      {chosen !== undefined && <Tip day={days[chosen]!} isLeft={chosen > days.length / 2} />}
      <p class="sr" aria-live="polite">
        {chosen !== undefined && saidOf(days[chosen]!)}
      </p>
      <Figures days={days} />
    </figure>
  );
}

function Column({ day, at, of, top, isHot, onChoose }: { day: Day; at: number; of: number; top: number; isHot: boolean; onChoose: () => void }) {
  const step = (BOX.width - BOX.left) / of;
  const middle = BOX.left + step * (at + 0.5);
  const width = Math.min(16, step * 0.6);
  const isLast = at === of - 1;
  const everyLabel = Math.max(1, Math.ceil(of / SHOWN));
  const isNamed = isLast || (of - 1 - at) % everyLabel === 0;
  let base = yOf(0, top);
  return (
    <g onMouseEnter={onChoose}>
      <rect class={isHot ? "hot" : "unseen"} x={middle - step / 2} y={BOX.top} width={step} height={BOX.height - BOX.bottom - BOX.top} />
      {partsOf(day)
        .filter(([, value]) => value > 0)
        .map(([tone, value]) => {
          const height = Math.max(1.5, (value / top) * (BOX.height - BOX.bottom - BOX.top));
          base -= height;
          const bar = <rect key={tone} class={tone} x={middle - width / 2} y={base} width={width} height={height} rx="1.5" />;
          base -= 1.5;
          return bar;
        })}
      {isNamed && (
        <text x={middle} y={BOX.height - 4} text-anchor="middle" class={at % 2 && of > NARROW_DAYS ? "every-other" : undefined}>
          {isLast ? t`Today` : at === 0 || day.day.endsWith("-01") ? shortDay(`${day.day}T12:00:00Z`) : String(Number(day.day.slice(8)))}
        </text>
      )}
    </g>
  );
}

function yOf(value: number, top: number): number {
  return BOX.height - BOX.bottom - (value / top) * (BOX.height - BOX.bottom - BOX.top);
}

/** The next of 1, 2, 5, 10, 20, … above a value. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}

function short(value: number): string {
  return new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" }).format(value).toLowerCase();
}

function saidOf(one: Day): string {
  const date = longDay(`${one.day}T12:00:00Z`);
  const [delivered = "", sent = "", failed = ""] = partsOf(one).map(([, value]) => count(value));
  return t`${date}: ${delivered} delivered, ${sent} sent without a report, ${failed} failed`;
}

function Tip({ day, isLeft }: { day: Day; isLeft: boolean }) {
  const [delivered = 0, sent = 0, failed = 0] = partsOf(day).map(([, value]) => value);
  return (
    <div class={isLeft ? "tip left" : "tip"} aria-hidden="true">
      <p class="strong">{longDay(`${day.day}T12:00:00Z`)}</p>
      <dl>
        <dt>{t`Delivered`}</dt>
        <dd>{count(delivered)}</dd>
        <dt>{t`Sent, no report`}</dt>
        <dd>{count(sent)}</dd>
        <dt>{t`Failed`}</dt>
        <dd>{count(failed)}</dd>
      </dl>
    </div>
  );
}

function Figures({ days }: { days: Day[] }) {
  return (
    <table class="sr">
      <caption>{t`Messages by day`}</caption>
      <thead>
        <tr>
          <th scope="col">{t`Day`}</th>
          <th scope="col">{t`Delivered`}</th>
          <th scope="col">{t`Sent, no report yet`}</th>
          <th scope="col">{t`Failed`}</th>
        </tr>
      </thead>
      <tbody>
        {days.map((one) => (
          <tr key={one.day}>
            <th scope="row">{longDay(`${one.day}T12:00:00Z`)}</th>
            {partsOf(one).map(([tone, value]) => (
              <td key={tone}>{count(value)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
