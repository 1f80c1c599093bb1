import { t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";

const HOUR_MS = 3_600_000;
const HEIGHT = 22;
const STEP = 10;
/** An hour in which so much of what is expected was heard counts as whole: a beat may come a little late. */
const ENOUGH = 0.75;

/** How often a phone was heard in each of the last 24 hours, the present one last and not over yet. */
export function DayStrip({ beats, expected = Math.max(1, ...beats) }: { beats: number[]; /** Beats of a whole hour. */ expected?: number }) {
  const whole = beats.filter((_, at) => heardIn(beats, at, expected) === "h-ok").length;
  const hours = beats.length;
  return (
    <div class="daystrip">
      <svg viewBox={`0 0 ${hours * STEP} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={t`Heard without a gap in ${whole} of the last ${hours} hours`}>
        {beats.map((_, at) => {
          const heard = heardIn(beats, at, expected);
          const y = { "h-ok": 0, "h-part": 10, "h-none": 18 }[heard];
          return <rect key={at} class={heard} x={at * STEP + 0.75} y={y} width={STEP - 1.5} height={HEIGHT - y} rx="1.5" />;
        })}
      </svg>
      <div>
        <span>{t`24 h ago`}</span>
        <span>{t`now`}</span>
      </div>
    </div>
  );
}

function heardIn(beats: number[], at: number, expected: number): "h-ok" | "h-part" | "h-none" {
  const isPresent = at === beats.length - 1;
  const due = isPresent ? Math.floor((expected * (serverNow() % HOUR_MS)) / HOUR_MS) : expected;
  const count = beats[at]!;
  // Just after the full hour nothing is due yet: the hour before tells.
  if (isPresent && due === 0 && count === 0 && at > 0) return heardIn(beats, at - 1, expected);
  if (count > 0 && count >= Math.floor(due * ENOUGH)) return "h-ok";
  return count > 0 ? "h-part" : "h-none";
}
