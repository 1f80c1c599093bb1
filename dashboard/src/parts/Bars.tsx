import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { count } from "../texts/formats";
import { useSize } from "./size";
import "../styles/charts.css";

/** A bar of three parts: what arrived, what was sent without a report so far, what failed. */
export interface Bar {
  key: string;
  /** Below the bar: when every bar has a name, and when only some have. */
  name: string;
  rareName: string;
  /** In sentences, and above its figures. */
  title: string;
  delivered: number;
  sent: number;
  failed: number;
}

const BOX = { left: 34, bottom: 22, top: 12 };
const TALLEST = 284;
const SLOPE = 0.46;
/** How much room a name below a bar takes, in widths of a line of text: below each, and where only some have one. */
const NAME_EM = 2.1;
const RARE_NAME_EM = 3.5;
const PARTS = [
  ["k-delivered", "delivered"],
  ["k-sent", "sent"],
  ["k-failed", "failed"],
] as const;

interface Scale {
  width: number;
  height: number;
  top: number;
  step: number;
  /** Every how many bars one has a name. */
  everyName: number;
}

/** Stacked bars as wide as there is room: arrow keys walk them, and each is said. Its figures stand in a table elsewhere. */
export function Bars({ bars, label }: { bars: Bar[]; label: (least: string, greatest: string) => string }) {
  const [chosen, choose] = useState<number | undefined>();
  const [box, { width, em }] = useSize<HTMLElement>();
  const totals = bars.map((bar) => bar.delivered + bar.sent + bar.failed);
  const step = (width - BOX.left) / Math.max(1, bars.length);
  const scale: Scale = {
    width,
    height: Math.round(Math.min(TALLEST, width * SLOPE)),
    top: roundUp(Math.max(1, ...totals)),
    step,
    everyName: step >= NAME_EM * em ? 1 : Math.ceil((RARE_NAME_EM * em) / step),
  };

  function walk(event: KeyboardEvent) {
    const to = { ArrowRight: (chosen ?? -1) + 1, ArrowLeft: (chosen ?? bars.length) - 1, Home: 0, End: bars.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(Math.min(bars.length - 1, Math.max(0, to)));
  }

  const hot = chosen === undefined ? undefined : bars[chosen];
  return (
    <figure class="chart" ref={box}>
      <svg
        viewBox={`0 0 ${width} ${scale.height}`}
        role="img"
        tabIndex={0}
        aria-label={label(count(Math.min(...totals)), count(Math.max(...totals)))}
        onKeyDown={walk}
        onMouseLeave={() => choose(undefined)}
        onBlur={() => choose(undefined)}
      >
        <Grid scale={scale} />
        {bars.map((bar, at) => (
          <Column key={bar.key} bar={bar} at={at} of={bars.length} scale={scale} isHot={chosen === at} onChoose={() => choose(at)} />
        ))}
      </svg>
      {hot && <Tip bar={hot} isLeft={chosen! > bars.length / 2} />}
      <p class="sr" aria-live="polite">
        {hot && saidOf(hot)}
      </p>
    </figure>
  );
}

function Grid({ scale }: { scale: Scale }) {
  return (
    <>
      {[0, scale.top / 2, scale.top].map((value) => (
        <g key={value}>
          <path class="grid" d={`M${BOX.left} ${yOf(value, scale)}H${scale.width}`} />
          <text x={BOX.left - 8} y={yOf(value, scale) + 4} text-anchor="end">
            {short(value)}
          </text>
        </g>
      ))}
    </>
  );
}

function Column({ bar, at, of, scale, isHot, onChoose }: { bar: Bar; at: number; of: number; scale: Scale; isHot: boolean; onChoose: () => void }) {
  const { step, everyName, height } = scale;
  const middle = BOX.left + step * (at + 0.5);
  const width = Math.min(18, step * 0.62);
  const isNamed = everyName === 1 || (of - 1 - at) % everyName === Math.floor(everyName / 2);
  let base = yOf(0, scale);
  return (
    <g onMouseEnter={onChoose}>
      <rect class={isHot ? "hot" : "unseen"} x={middle - step / 2} y={BOX.top - 8} width={step} height={base - BOX.top + 8} rx="4" />
      {PARTS.filter(([, part]) => bar[part] > 0).map(([tone, part]) => {
        const tall = Math.max(1.5, (bar[part] / scale.top) * (height - BOX.bottom - BOX.top));
        base -= tall;
        const rect = <rect key={tone} class={tone} x={middle - width / 2} y={base} width={width} height={tall} rx="1.5" />;
        base -= 1.5;
        return rect;
      })}
      {isNamed && (
        <text x={middle} y={height - 4} text-anchor="middle">
          {everyName === 1 ? bar.name : bar.rareName}
        </text>
      )}
    </g>
  );
}

function yOf(value: number, { top, height }: Scale): number {
  return height - BOX.bottom - (value / top) * (height - BOX.bottom - BOX.top);
}

/** The next of 2, 4, 6, 8, 10, 20, … that isn't below a value; so its half is a whole number too. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [2, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value) ?? 10 * power;
}

function short(value: number): string {
  return new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" }).format(value).toLowerCase();
}

function saidOf(bar: Bar): string {
  const { title } = bar;
  const [delivered, sent, failed] = [count(bar.delivered), count(bar.sent), count(bar.failed)];
  return t`${title}: ${delivered} delivered, ${sent} sent without a report, ${failed} failed`;
}

function Tip({ bar, isLeft }: { bar: Bar; isLeft: boolean }) {
  return (
    <div class={isLeft ? "tip left" : "tip"} aria-hidden="true">
      <p class="strong">{bar.title}</p>
      <dl>
        <dt>{t`Delivered`}</dt>
        <dd>{count(bar.delivered)}</dd>
        <dt>{t`Sent, no report`}</dt>
        <dd>{count(bar.sent)}</dd>
        <dt>{t`Failed`}</dt>
        <dd>{count(bar.failed)}</dd>
      </dl>
    </div>
  );
}

/** What the colours of the bars mean. */
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
