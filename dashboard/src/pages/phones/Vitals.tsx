import { plural, t } from "@lingui/core/macro";
import { Icon } from "../../parts/Icon";
import { Ago } from "../../parts/now";
import { type Phone, standing } from "./phones";

const LOW_PERCENT = 15;
const BATTERY_WIDTH = 14.7;

/** How a phone is: battery, network, when it was last heard, what waits on it. */
export function Vitals({ phone }: { phone: Phone }) {
  const { lastHeartbeatAt, pendingJobCount: queued } = phone;
  const isOnline = standing(phone) === "online";
  return (
    <div class="vitals">
      <Battery phone={phone} />
      <Network phone={phone} />
      <span>
        <Icon name="clock" tone="tiny" />
        {lastHeartbeatAt ? (
          <span>
            <Ago at={lastHeartbeatAt} say={(age) => (isOnline ? t`heard ${age} ago` : t`last heard ${age} ago`)} />
          </span>
        ) : (
          t`never heard`
        )}
      </span>
      {queued > 0 && (
        <span>
          <Icon name="messages" tone="tiny" />
          {plural(queued, { one: "# in its queue", other: "# in its queue" })}
        </span>
      )}
    </div>
  );
}

export function Battery({ phone }: { phone: Phone }) {
  const { batteryLevel: level, isCharging } = phone;
  if (level === undefined) return null;
  const isLow = level <= LOW_PERCENT && !isCharging;
  return (
    <span class={isLow ? "low" : undefined}>
      <svg class="batt" viewBox="0 0 22 12" aria-hidden="true">
        <rect class="shell" x=".6" y=".6" width="18.3" height="10.8" rx="2.5" />
        <path class="shell" d="M20.9 4v4" />
        <rect class="fill" x="2.4" y="2.4" width={(BATTERY_WIDTH * level) / 100} height="7.2" rx="1.2" />
      </svg>
      <span class="sr">{t`Battery`}</span>
      {t`${level} %`}
      {isCharging && (
        <>
          <Icon name="bolt" tone="tiny" />
          <span class="sr">{t`charging`}</span>
        </>
      )}
    </span>
  );
}

export function Network({ phone }: { phone: Phone }) {
  const { networkType, signalStrength: strength } = phone;
  if (networkType === undefined && strength === undefined) return null;
  return (
    <span>
      {strength !== undefined && (
        <>
          <svg class="bars" viewBox="0 0 15 12" aria-hidden="true">
            {[0, 1, 2, 3].map((bar) => (
              <rect key={bar} x={4 * bar} y={9 - 3 * bar} width="2.8" height={3 + 3 * bar} rx=".8" class={bar < strength ? "on" : undefined} />
            ))}
          </svg>
          <span class="sr">{t`Signal ${strength} of 4`}</span>
        </>
      )}
      {networkType}
    </span>
  );
}
