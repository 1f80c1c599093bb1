import { t } from "@lingui/core/macro";
import { type Template, useTemplates } from "../../api/templates";
import { Field, Pick } from "../../parts/controls";
import { measure } from "../../texts/segments";
import { namesOf, shown, valueOf } from "../../texts/variables";
import { Counter } from "./Counter";
import { type Fields, wordsOf } from "./fields";
import { FixedText } from "./FixedText";

/** Which template the message is made of, if any; nothing while the account has none. */
export function TemplateField({ chosen, error, onChoose }: { chosen: Template | undefined; error?: string; onChoose: (template: Template | undefined) => void }) {
  const { data: templates = [] } = useTemplates();
  if (!templates.length && !chosen) return null;
  const known = chosen && !templates.some(({ templateId }) => templateId === chosen.templateId) ? [chosen, ...templates] : templates;
  return (
    <Field label={t`Template`} error={error}>
      {(tied) => (
        <Pick tied={tied} value={chosen?.templateId ?? ""} onPick={(picked) => onChoose(known.find(({ templateId }) => templateId === picked))}>
          <option value="">{t`None, write it here`}</option>
          {known.map(({ templateId, name }) => (
            <option key={templateId} value={templateId}>
              {name}
            </option>
          ))}
        </Pick>
      )}
    </Field>
  );
}

/** The text of a template, and a field for each of its variables. `error` is wrong with what comes of them. */
export function ValuesField({
  fields,
  error,
  errors = {},
  onChange,
}: {
  fields: Fields;
  error: string | undefined;
  errors: Record<string, string> | undefined;
  onChange: (change: Partial<Fields>) => void;
}) {
  const { template, values } = fields;
  if (!template) return null;
  return (
    <>
      <FixedText text={template.message} error={error}>
        <Counter measured={measure(wordsOf(fields))} />
      </FixedText>
      {namesOf(template.message).map((name) => (
        <Field key={name} label={shown(name)} error={errors[name]}>
          {(tied) => (
            <input
              {...tied}
              class="input"
              autocomplete="off"
              placeholder={valueOf(template.longest, name)}
              value={valueOf(values, name) ?? ""}
              onInput={(event) => onChange({ values: { ...values, [name]: event.currentTarget.value } })}
            />
          )}
        </Field>
      ))}
    </>
  );
}
