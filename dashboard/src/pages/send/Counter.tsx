import { plural, t } from "@lingui/core/macro";
import { fill, type Measure } from "../../texts/segments";

/** How many segments, how full they are, and by which alphabet. */
export function Counter({ measured }: { measured: Measure }) {
  const { used, of } = fill(measured);
  const segments = measured.parts.length;
  const width = 200 / segments;
  const alphabet = measured.encoding === "GSM-7" ? t`GSM-7` : t`Unicode`;
  return (
    <div class="counter">
      <span class="medium nowrap">{plural(segments, { one: "# segment", other: "# segments" })}</span>
      <svg class="parts" viewBox="0 0 200 6" preserveAspectRatio="none" aria-hidden="true">
        {measured.parts.map((_, at) => {
          const part = at === segments - 1 ? measured.used / measured.capacity : 1;
          const whole = Math.max(1, width - 2);
          return (
            <g key={at}>
              <rect class="rest" x={at * width + 1} width={whole} height="6" rx="2" />
              {part > 0 && <rect class="full" x={at * width + 1} width={whole * part} height="6" rx="2" />}
            </g>
          );
        })}
      </svg>
      <span class="soft nowrap">
        {alphabet} · {used}/{of}
      </span>
    </div>
  );
}
