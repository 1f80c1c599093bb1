import { t } from "@lingui/core/macro";

const LIFETIME_MS = 600_000;
const MINUTE_MS = 60_000;
const AROUND = 2 * Math.PI * 8;

/** How long the code is good for yet: seen every second, spoken at five minutes, at one and at the end. */
export function Countdown({ leftMs }: { leftMs: number }) {
  const seconds = Math.ceil(Math.max(0, Math.min(leftMs, LIFETIME_MS)) / 1000);
  const left = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const part = Math.min(1, leftMs / LIFETIME_MS) * AROUND;
  return (
    <div class="waiting">
      <svg class="ring" viewBox="0 0 20 20" aria-hidden="true">
        <circle cx="10" cy="10" r="8" />
        <circle class="left" cx="10" cy="10" r="8" stroke-dasharray={`${part} ${AROUND}`} transform="rotate(-90 10 10)" />
      </svg>
      <span class="num wraps">{t`Waiting for the phone, ${left} left`}</span>
      <span class="sr" role="status">
        {spoken(leftMs)}
      </span>
    </div>
  );
}

function spoken(leftMs: number): string {
  if (leftMs <= MINUTE_MS) return t`One minute left`;
  return leftMs <= 5 * MINUTE_MS ? t`Five minutes left` : "";
}
