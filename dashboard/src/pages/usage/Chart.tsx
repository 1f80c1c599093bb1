import { t } from "@lingui/core/macro";
import { type Bar, Bars, Legend } from "../../parts/Bars";
import { Empty } from "../../parts/Loading";
import { Figures, isUsed, type Line } from "./Figures";

/** The bars with what they mean, and what must be known of them. */
export function Chart({ title, bars, label, note }: { title: string; bars: Bar[]; label: (least: string, greatest: string) => string; note: string }) {
  return (
    <section class="card">
      <header class="chart-head">
        <h2>{title}</h2>
        <Legend />
      </header>
      <Bars bars={bars} label={label} />
      <footer>
        <span>{note}</span>
      </footer>
    </section>
  );
}

/** All figures of the bars. */
export function Table({ lines, caption, first, empty }: { lines: Line[]; caption: string; first: string; empty: string }) {
  return (
    <section class="card">
      {lines.some(isUsed) ? (
        <Figures lines={lines} caption={caption} first={first} />
      ) : (
        <Empty icon="usage" title={empty}>
          {t`What is sent shows here a minute later.`}
        </Empty>
      )}
    </section>
  );
}
