import { plural, t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Field, Pick } from "../../parts/controls";
import { count } from "../../texts/formats";
import { type Saved, useDraft, useSave } from "./draft";
import { Section } from "./Section";

const UNITS = { seconds: 1, minutes: 60, hours: 3_600 } as const;
type Unit = keyof typeof UNITS;
const MOST_DAYS = 3_650;
const SHORTEST_S = 30;
const LONGEST_S = 259_200;

/** How long a message may wait, and how long it is kept. */
export function Keeping({ saved, canChange }: { saved: Saved; canChange: boolean }) {
  const draft = useDraft({ ...lasting(saved.defaultValiditySeconds), days: String(saved.retentionDays) });
  const save = useSave(draft.reset);
  const { amount, unit, days } = draft.value;
  const [isTried, tryIt] = useState(false);
  const seconds = wholeNumber(amount) * UNITS[unit];
  const isWaitRight = seconds >= SHORTEST_S && seconds <= LONGEST_S;
  const areDaysRight = wholeNumber(days) >= 1 && wholeNumber(days) <= MOST_DAYS;
  const most = count(MOST_DAYS);
  const isFewer = Number(days) < saved.retentionDays && Number(days) > 0;
  return (
    <Section
      title={t`Messages`}
      canChange={canChange}
      values={[
        [t`May wait`, spoken(saved.defaultValiditySeconds)],
        [t`Are kept`, plural(saved.retentionDays, { one: "# day", other: "# days" })],
      ]}
      draft={draft}
      save={save}
      onSave={() => {
        tryIt(true);
        if (isWaitRight && areDaysRight) save.mutate({ defaultValiditySeconds: seconds, retentionDays: Number(days) });
      }}
    >
      <Field
        label={t`A message may wait`}
        hint={t`For a phone to take it, unless the send says otherwise. Then it is given up. 30 seconds to 72 hours.`}
        error={isTried && !isWaitRight ? t`Write a time from 30 seconds to 72 hours.` : fieldError(save.error, "defaultValiditySeconds")}
      >
        {(tied) => (
          <div class="row">
            <input
              {...tied}
              class="input short"
              inputMode="numeric"
              value={amount}
              onInput={(event) => draft.change({ amount: event.currentTarget.value })}
            />
            <Pick
              tied={{ "aria-label": t`Unit of the time that a message may wait` }}
              value={unit}
              onPick={(picked) => draft.change({ unit: picked as Unit })}
            >
              <option value="seconds">{t`seconds`}</option>
              <option value="minutes">{t`minutes`}</option>
              <option value="hours">{t`hours`}</option>
            </Pick>
          </div>
        )}
      </Field>
      <Field
        label={t`Messages are kept for so many days`}
        hint={
          isFewer
            ? t`Fewer days count for messages that are kept already: the older ones are erased for good.`
            : t`With their texts. 1 to ${most} days.`
        }
        error={isTried && !areDaysRight ? t`Write a whole number from 1 to ${most}.` : fieldError(save.error, "retentionDays")}
      >
        {(tied) => (
          <input
            {...tied}
            class="input short"
            inputMode="numeric"
            value={days}
            onInput={(event) => draft.change({ days: event.currentTarget.value })}
          />
        )}
      </Field>
    </Section>
  );
}

/** The number that is written, or NaN: then nothing holds of it. */
function wholeNumber(typed: string): number {
  return /^\d{1,6}$/.test(typed.trim()) ? Number(typed) : Number.NaN;
}

/** A time in the largest unit that has it as a whole number. */
function lasting(seconds: number): { amount: string; unit: Unit } {
  const unit = seconds % UNITS.hours === 0 ? "hours" : seconds % UNITS.minutes === 0 ? "minutes" : "seconds";
  return { amount: String(seconds / UNITS[unit]), unit };
}

function spoken(seconds: number): string {
  const { amount, unit } = lasting(seconds);
  const number = Number(amount);
  return {
    seconds: plural(number, { one: "# second", other: "# seconds" }),
    minutes: plural(number, { one: "# minute", other: "# minutes" }),
    hours: plural(number, { one: "# hour", other: "# hours" }),
  }[unit];
}
