import { t } from "@lingui/core/macro";
import { fieldError } from "../../api/problems";
import { Field, Pick, Switch } from "../../parts/controls";
import { countryName } from "../../texts/countryName";
import { COUNTRIES } from "./countries";
import { type Change, type Saved, useDraft, useSave } from "./draft";
import { Section } from "./Section";

type Quiet = NonNullable<Saved["quietHours"]>;

const HIGHEST = 10;
const URGENT = [9, 10];
const NIGHT: Quiet = { from: "22:00", to: "07:00", exemptPriorities: URGENT };

/** Whose numbers are written without a plus, whether messages wait for a phone, and when nothing goes out. */
export function Sending({ saved, canChange }: { saved: Saved; canChange: boolean }) {
  const { from, to, exemptPriorities } = saved.quietHours ?? NIGHT;
  const draft = useDraft({
    country: saved.country,
    waitForPhone: saved.waitForPhone,
    isQuiet: saved.quietHours !== undefined,
    from,
    to,
    exempt: spanned(exemptPriorities),
  });
  const save = useSave(draft.reset);
  const { country, waitForPhone, isQuiet, exempt } = draft.value;
  const zone = saved.timeZone;
  return (
    <Section
      title={t`Sending`}
      canChange={canChange}
      values={[
        [t`Country`, countryName(saved.country)],
        [t`Wait for a phone`, saved.waitForPhone ? t`On` : t`Off`],
        [t`Quiet hours`, saved.quietHours ? t`${from} to ${to}` : <span class="faint">{t`None`}</span>],
        ...(saved.quietHours ? ([[t`Sent all the same`, exemptName(spanned(exemptPriorities))]] as [string, string][]) : []),
      ]}
      draft={draft}
      save={save}
      onSave={() => save.mutate(changeOf(draft.value))}
    >
      <Field
        label={t`Country`}
        hint={t`Numbers without a + in front are numbers of this country.`}
        error={fieldError(save.error, "country")}
      >
        {(tied) => (
          <Pick tied={tied} value={country} onPick={(picked) => draft.change({ country: picked })}>
            {named().map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </Pick>
        )}
      </Field>
      <div class="row wide">
        <div>
          <p class="medium">{t`Wait for a phone`}</p>
          <p class="hint">{t`Messages are accepted while no phone is online, and go out once one is. Otherwise they are refused.`}</p>
        </div>
        <span class="push">
          <Switch label={t`Wait for a phone`} isOn={waitForPhone} onChange={(isOn) => draft.change({ waitForPhone: isOn })} />
        </span>
      </div>
      <div class="row wide">
        <div>
          <p class="medium">{t`Quiet hours`}</p>
          <p class="hint">{t`What would go out in them is held until they end.`}</p>
        </div>
        <span class="push">
          <Switch label={t`Quiet hours`} isOn={isQuiet} onChange={(isOn) => draft.change({ isQuiet: isOn })} />
        </span>
      </div>
      {isQuiet && (
        <>
          <div class="row span">
            <TimeField label={t`From`} value={draft.value.from} error={fieldError(save.error, "quietHours/from")} onChange={(time) => draft.change({ from: time })} />
            <TimeField
              label={t`Until`}
              value={draft.value.to}
              error={draft.value.from === draft.value.to ? t`Choose another time than the first.` : fieldError(save.error, "quietHours/to")}
              onChange={(time) => draft.change({ to: time })}
            />
          </div>
          <Field label={t`Sent all the same`} hint={t`Codes for signing in are best sent with priority 9 or 10. Times are by the account's time zone, ${zone}.`}>
            {(tied) => (
              <Pick tied={tied} value={exempt} onPick={(picked) => draft.change({ exempt: picked })}>
                {spans(exempt).map((one) => (
                  <option key={one} value={one}>
                    {exemptName(one)}
                  </option>
                ))}
              </Pick>
            )}
          </Field>
        </>
      )}
    </Section>
  );
}

function TimeField({ label, value, error, onChange }: { label: string; value: string; error: string | undefined; onChange: (time: string) => void }) {
  return (
    <Field label={label} error={error}>
      {(tied) => <input {...tied} class="input short" type="time" required value={value} onInput={(event) => onChange(event.currentTarget.value)} />}
    </Field>
  );
}

interface Draft {
  country: string;
  waitForPhone: boolean;
  isQuiet: boolean;
  from: string;
  to: string;
  exempt: string;
}

/** Quiet hours without anything turn them off. */
function changeOf({ country, waitForPhone, isQuiet, from, to, exempt }: Draft): Change {
  const exemptPriorities = exempt ? exempt.split(",").map(Number) : [];
  return { country, waitForPhone, quietHours: isQuiet ? { from, to, exemptPriorities } : {} };
}

function spanned(priorities: number[]): string {
  return priorities.join(",");
}

/** None, and from each priority up to the highest; and what is chosen, where the API was told something else. */
function spans(chosen: string): string[] {
  const all = Array.from({ length: HIGHEST }, (_, at) => spanned(Array.from({ length: at + 1 }, (_, step) => HIGHEST - at + step)));
  const known = ["", ...all];
  return known.includes(chosen) ? known : [...known, chosen];
}

function exemptName(exempt: string): string {
  const priorities = exempt ? exempt.split(",") : [];
  const [lowest] = priorities;
  if (lowest === undefined) return t`Nothing`;
  if (exempt === String(HIGHEST)) return t`Priority 10`;
  if (spans("").includes(exempt)) return t`Priorities ${lowest} to 10`;
  const all = priorities.join(", ");
  return t`Priorities ${all}`;
}

function named(): [code: string, name: string][] {
  return COUNTRIES.map((code): [string, string] => [code, countryName(code)]).sort(([, one], [, other]) => one.localeCompare(other));
}
