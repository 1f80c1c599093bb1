import { t } from "@lingui/core/macro";
import { useId } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Field } from "../../parts/controls";
import { language } from "../../texts/texts";
import { type Saved, useDraft, useSave } from "./draft";
import { Section } from "./Section";

/** Where the account's days begin. The browser knows the zones and finds one while somebody types. */
export function Place({ saved, canChange }: { saved: Saved; canChange: boolean }) {
  const draft = useDraft({ timeZone: saved.timeZone });
  const save = useSave(draft.reset);
  const list = useId();
  const { timeZone } = draft.value;
  const time = timeIn(timeZone);
  return (
    <Section
      title={t`Time zone`}
      canChange={canChange}
      values={[[t`Time zone`, saved.timeZone]]}
      draft={draft}
      save={save}
      onSave={() => save.mutate(draft.value)}
    >
      <Field
        label={t`Time zone`}
        hint={time ? t`It is ${time} there. Days of usage and filters begin at midnight there.` : t`Type a city, and choose from the list.`}
        error={fieldError(save.error, "timeZone") && t`There is no such time zone. Choose one from the list.`}
      >
        {(tied) => (
          <>
            <input
              {...tied}
              class="input"
              list={list}
              autocomplete="off"
              spellcheck={false}
              placeholder="Africa/Nairobi"
              value={timeZone}
              onInput={(event) => draft.change({ timeZone: event.currentTarget.value.trim() })}
            />
            <datalist id={list}>
              {zones().map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </Section>
  );
}

function zones(): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes("UTC") ? known : [...known, "UTC"];
}

/** What the clock shows there now; nothing when there is no such zone. */
function timeIn(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat(language.value === "en" ? "en-GB" : language.value, { timeZone, hour: "2-digit", minute: "2-digit" }).format();
  } catch {
    return undefined;
  }
}
