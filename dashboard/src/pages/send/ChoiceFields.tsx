import { plural, t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";
import { type Schemas, usePhones, useSettings } from "../../api/queries";
import { Field, Pick } from "../../parts/controls";
import { count, moment } from "../../texts/formats";
import { simName } from "../messages/words";
import type { Preview } from "./preview";
import type { FieldProps } from "./SendForm";

const MINUTE = 60;
const HOUR = 3_600;
const VALIDITIES = [5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 24 * HOUR, 72 * HOUR];

/** By which phone or SIM it may go out, and what those have left. */
export function SenderField({ fields, preview, error, onChange }: FieldProps) {
  const { data: phones = [] } = usePhones();
  const named = [...phones].sort((one, other) => one.name.localeCompare(other.name));
  const senders = preview?.senders;
  return (
    <Field label={t`Send by`} hint={senders && <Left senders={senders} />} error={error}>
      {(tied) => (
        <Pick tied={tied} value={fields.by} onPick={(by) => onChange({ by })}>
          <option value="">{t`Any phone that is free`}</option>
          {named.map((phone) => (
            <PhoneOptions key={phone.deviceId} phone={phone} phones={phones} />
          ))}
        </Pick>
      )}
    </Field>
  );
}

function PhoneOptions({ phone, phones }: { phone: Schemas["ConsoleDevice"]; phones: Schemas["ConsoleDevice"][] }) {
  const { deviceId, name } = phone;
  const isAway = !phone.isEnabled || phone.status === "Offline";
  return (
    <optgroup label={isAway ? t`${name}, offline` : name}>
      <option value={deviceId}>{name}</option>
      {phone.sims.map(({ simSlot, carrierName }) => {
        const sim = simName(phones, deviceId, simSlot);
        return (
          <option key={simSlot} value={`${deviceId}/${simSlot}`}>
            {carrierName ? `${sim} · ${carrierName}` : sim}
          </option>
        );
      })}
    </optgroup>
  );
}

function Left({ senders }: { senders: Preview["senders"] }) {
  const { devices, ready } = senders;
  const left = count(senders.segmentsLeft);
  if (devices === 0) return <span class="out">{t`No phone is online that could send it now`}</span>;
  if (ready === 0) return <span class="out">{t`No SIM has room for it this hour, so it waits`}</span>;
  return <>{plural(devices, { one: `# phone online, ${left} segments left this hour`, other: `# phones online, ${left} segments left this hour` })}</>;
}

/** How long it is worth sending. */
export function ValidityField({ fields, error, onChange }: FieldProps) {
  const { data: settings } = useSettings();
  const usual = settings?.defaultValiditySeconds;
  const seconds = fields.validity ?? usual;
  const until = seconds && moment((fields.at || serverNow()) + seconds * 1_000);
  return (
    <Field label={t`Give up after`} hint={until && t`Never sent later than ${until}`} error={error}>
      {(tied) => (
        <Pick tied={tied} value={String(fields.validity ?? "")} onPick={(value) => onChange({ validity: value ? Number(value) : undefined })}>
          <option value="">{usual ? span(usual) : t`The account's usual time`}</option>
          {VALIDITIES.filter((one) => one !== usual).map((one) => (
            <option key={one} value={one}>
              {span(one)}
            </option>
          ))}
        </Pick>
      )}
    </Field>
  );
}

/** `2 hours`: seconds in the largest unit that they are a whole number of. */
function span(seconds: number): string {
  const days = seconds / (24 * HOUR);
  if (Number.isInteger(days)) return plural(days, { one: "# day", other: "# days" });
  const hours = seconds / HOUR;
  if (Number.isInteger(hours)) return plural(hours, { one: "# hour", other: "# hours" });
  const minutes = Math.round(seconds / MINUTE);
  if (minutes > 0) return plural(minutes, { one: "# minute", other: "# minutes" });
  return plural(seconds, { one: "# second", other: "# seconds" });
}
