import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import type { Template } from "../../api/templates";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { toast } from "../../parts/toasts";
import { count } from "../../texts/formats";
import { MOST_CHARACTERS } from "../../texts/segments";
import { filled, namesOf, shown, valueOf } from "../../texts/variables";
import { WordsField, wordsWrong } from "../send/WordsField";
import { useKeep } from "./templates";

const LONGEST_NAME = 64;
const EXAMPLE = shown("name");

/** A new template, or one that is changed: its name, its text, and how long its values become. */
export function TemplateForm({ template, onClose }: { template?: Template; onClose: () => void }) {
  const [name, call] = useState(template?.name ?? "");
  const [message, write] = useState(template?.message ?? "");
  const [longest, expect] = useState<Record<string, string>>(template?.longest ?? {});
  const [isTried, tryIt] = useState(false);
  const keep = useKeep(template?.templateId);
  const names = namesOf(message);
  const wrong = { name: name.trim() ? undefined : t`Give it a name`, message: textWrong(message) };
  const errors = {
    name: (isTried ? wrong.name : undefined) ?? fieldError(keep.error, "name"),
    message: (isTried ? wrong.message : undefined) ?? fieldError(keep.error, "message"),
  };

  function save() {
    tryIt(true);
    if (wrong.name || wrong.message) return;
    const expected = names.flatMap((one) => (valueOf(longest, one) ? [[one, valueOf(longest, one)!]] : []));
    keep.mutate(
      { name: name.trim(), message, longest: Object.fromEntries(expected) as Record<string, string> },
      {
        onSuccess: (kept) => {
          const said = kept.name;
          toast({ text: template ? t`${said} is changed` : t`${said} is added` });
          onClose();
        },
      },
    );
  }

  return (
    <FormDialog
      title={template ? t`Change the template` : t`Add a template`}
      verb={template ? t`Save` : t`Add the template`}
      isBusy={keep.isPending}
      error={keep.error}
      onSubmit={save}
      onClose={onClose}
    >
      <Field label={t`Name`} hint={t`What you and your team call it.`} error={errors.name}>
        {(tied) => <input {...tied} class="input" autocomplete="off" maxLength={LONGEST_NAME} value={name} onInput={(event) => call(event.currentTarget.value)} />}
      </Field>
      <WordsField
        text={message}
        counted={filled(message, longest, "")}
        hint={t`${EXAMPLE} stands for what each message has in its place.`}
        error={errors.message}
        onWrite={write}
      />
      {names.length > 0 && (
        <fieldset class="longest">
          <legend class="label">{t`Longest value of each`}</legend>
          <p class="hint">{t`By these the segments are counted. One that is left empty counts as nothing.`}</p>
          {names.map((one) => (
            <Field key={one} label={shown(one)} error={fieldError(keep.error, `longest/${one}`)}>
              {(tied) => (
                <input
                  {...tied}
                  class="input"
                  autocomplete="off"
                  value={valueOf(longest, one) ?? ""}
                  onInput={(event) => expect({ ...longest, [one]: event.currentTarget.value })}
                />
              )}
            </Field>
          ))}
        </fieldset>
      )}
    </FormDialog>
  );
}

function textWrong(message: string): string | undefined {
  const most = count(MOST_CHARACTERS);
  if (!message.trim()) return t`Write the message`;
  if ([...message].length > MOST_CHARACTERS) return t`A message has at most ${most} characters`;
  return wordsWrong(message);
}
