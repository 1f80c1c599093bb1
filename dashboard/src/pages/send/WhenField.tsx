import { t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";
import { useSettings } from "../../api/queries";
import { Field, Pick } from "../../parts/controls";
import { instantOf, localTime } from "../../texts/localTime";
import type { FieldProps } from "./SendForm";

const HOUR_MS = 3_600_000;
const MOST_AHEAD_MS = 30 * 24 * HOUR_MS;

/** When it goes out: at once, or at a time by the account's clock. */
export function WhenField({ fields, error, onChange }: FieldProps) {
  const { data: settings } = useSettings();
  const zone = settings?.timeZone;
  const { at } = fields;
  const nextHour = Math.ceil((serverNow() + HOUR_MS / 4) / HOUR_MS) * HOUR_MS;
  return (
    <Field label={t`When`} hint={at !== undefined && zone && t`In the account's time zone, ${zone}. Up to 30 days ahead.`} error={error}>
      {(tied) => (
        <div class="row when">
          <Pick
            tied={at === undefined ? tied : { "aria-label": t`When` }}
            value={at === undefined ? "" : "at"}
            onPick={(picked) => onChange({ at: picked ? nextHour : undefined })}
          >
            <option value="">{t`At once`}</option>
            <option value="at">{t`At a time`}</option>
          </Pick>
          {at !== undefined && (
            <input
              {...tied}
              class="input"
              type="datetime-local"
              aria-label={t`Time of sending`}
              defaultValue={localTime(at, zone)}
              min={localTime(serverNow(), zone)}
              max={localTime(serverNow() + MOST_AHEAD_MS, zone)}
              onInput={(event) => onChange({ at: instantOf(event.currentTarget.value, zone) ?? NaN })}
            />
          )}
        </div>
      )}
    </Field>
  );
}

/** What is wrong with a time of sending; nothing with none, which is at once. */
export function whenWrong(at: number | undefined): string | undefined {
  if (at === undefined || (at > serverNow() && at <= serverNow() + MOST_AHEAD_MS)) return undefined;
  return at > serverNow() ? t`Choose a time within the next 30 days.` : t`Choose a time that is still to come.`;
}
