import { t } from "@lingui/core/macro";
import { fieldError } from "../../api/problems";
import { Field, Switch } from "../../parts/controls";
import { type Saved, useDraft, useSave } from "./draft";
import { Section } from "./Section";

const LONGEST = 480;
type Text = "optOutText" | "optInText" | "helpText";

/** Whether opting out and in is confirmed by SMS, and in which words. */
export function Answers({ saved, canChange }: { saved: Saved; canChange: boolean }) {
  const { confirmOptOut, optOutText = "", optInText = "", helpText = "" } = saved;
  const draft = useDraft({ confirmOptOut, optOutText, optInText, helpText });
  const save = useSave(draft.reset);
  const standard = <span class="faint">{t`The standard text`}</span>;
  const texts: [Text, string, string][] = [
    ["optOutText", t`Text after opting out`, t`Left empty, the standard text is sent.`],
    ["optInText", t`Text after opting in`, t`Left empty, the standard text is sent.`],
    ["helpText", t`Answer to help`, t`For example your name and a number to call. Left empty, nothing is answered.`],
  ];
  return (
    <Section
      title={t`Answers to opt-outs`}
      canChange={canChange}
      values={[
        [t`Confirmation by SMS`, confirmOptOut ? t`On` : t`Off`],
        [t`Text after opting out`, optOutText ? <bdi>{optOutText}</bdi> : standard],
        [t`Text after opting in`, optInText ? <bdi>{optInText}</bdi> : standard],
        [t`Answer to help`, helpText ? <bdi>{helpText}</bdi> : <span class="faint">{t`None`}</span>],
      ]}
      draft={draft}
      save={save}
      onSave={() => save.mutate(draft.value)}
    >
      <div class="row wide">
        <div>
          <p class="medium">{t`Confirm by SMS`}</p>
          <p class="hint">{t`Who opts out or in by SMS gets one message that says so.`}</p>
        </div>
        <span class="push">
          <Switch label={t`Confirm by SMS`} isOn={draft.value.confirmOptOut} onChange={(isOn) => draft.change({ confirmOptOut: isOn })} />
        </span>
      </div>
      {texts.map(([name, label, hint]) => (
        <Field key={name} label={label} hint={hint} error={fieldError(save.error, name)}>
          {(tied) => (
            <textarea
              {...tied}
              class="input area low"
              rows={2}
              maxLength={LONGEST}
              dir="auto"
              value={draft.value[name]}
              onInput={(event) => draft.change({ [name]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
    </Section>
  );
}
