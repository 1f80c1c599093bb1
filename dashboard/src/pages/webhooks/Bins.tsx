import { t } from "@lingui/core/macro";
import type { Delivery } from "./webhooks";

export const SHOWN = 60;
const STEP = 8;
const HEIGHT = 28;
const LOOKS: Record<string, { tone: string; y: number }> = {
  Delivered: { tone: "k-delivered", y: 0 },
  Failed: { tone: "k-failed", y: 0 },
  Skipped: { tone: "d-skip", y: 18 },
  Waiting: { tone: "k-waiting", y: 10 },
};

/** The last deliveries as bars, oldest first: red and low ones stand out. */
export function Bins({ deliveries, legend = false }: { deliveries: Delivery[]; legend?: boolean }) {
  const last = deliveries.slice(0, SHOWN).reverse();
  const numberOf = (state: string) => last.filter((one) => one.status === state).length;
  const [delivered, failed, skipped, waiting] = [numberOf("Delivered"), numberOf("Failed"), numberOf("Skipped"), numberOf("Waiting")];
  const shown = last.length;
  const counts: [string, number][] = [
    ["k-delivered", delivered],
    ["k-failed", failed],
    ["d-skip-b", skipped],
    ["k-waiting", waiting],
  ];
  return (
    <>
      <svg
        class="bins"
        viewBox={`0 0 ${SHOWN * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t`Last ${shown} deliveries, oldest first: ${delivered} delivered, ${failed} failed, ${skipped} skipped, ${waiting} waiting`}
      >
        {last.map((delivery, at) => {
          const look = LOOKS[delivery.status]!;
          return <rect key={delivery.deliveryId} class={look.tone} x={(SHOWN - shown + at) * STEP + 1} y={look.y} width={STEP - 2} height={HEIGHT - look.y} rx="1" />;
        })}
      </svg>
      {legend && (
        <span class="legend" aria-hidden="true">
          {counts
            .filter(([, number]) => number > 0)
            .map(([tone, number]) => (
              <span key={tone}>
                <i class={tone} />
                {number}
              </span>
            ))}
        </span>
      )}
    </>
  );
}
