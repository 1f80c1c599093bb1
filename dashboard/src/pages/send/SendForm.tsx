import { plural, t } from "@lingui/core/macro";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { count } from "../../texts/formats";
import { measure } from "../../texts/segments";
import { SenderField, ValidityField } from "./ChoiceFields";
import { missingOf, refusedOf } from "./errors";
import { type Errors, type Fields, wordsOf } from "./fields";
import { MessageField } from "./MessageField";
import type { Preview } from "./preview";
import { PriorityField } from "./PriorityField";
import { Reference } from "./Reference";
import { TemplateField, ValuesField } from "./TemplateField";
import { ToField } from "./ToField";
import { type Accepted, useSend } from "./useSend";
import { WhenField } from "./WhenField";
import { WrittenForm } from "./WrittenForm";

export interface FieldProps {
  fields: Fields;
  preview: Preview | undefined;
  error?: string;
  onChange: (change: Partial<Fields>) => void;
}

interface Props extends Omit<FieldProps, "error"> {
  onSent: (accepted: Accepted) => void;
}

/** The form; Ctrl Enter sends it from any field. What is wrong stands at its field, and the first such gets the focus. */
export function SendForm(props: Props) {
  const form = useRef<HTMLFormElement>(null);
  const { errors, failure, isBusy, change, submit } = useSubmit(form, props);
  const { fields, preview } = props;
  const given = { fields, preview, onChange: change };
  return (
    <WrittenForm form={form} label={t`Message`} onSubmit={submit}>
      <div class="send-form">
        <ToField {...given} error={errors.to} />
        <TemplateField chosen={fields.template} error={errors.template} onChoose={(template) => change(chosen(fields, template))} />
        {fields.template ? (
          <ValuesField fields={fields} error={errors.text} errors={errors.values} onChange={change} />
        ) : (
          <MessageField {...given} error={errors.text} />
        )}
        <PriorityField {...given} error={errors.priority} />
        <WhenField {...given} error={errors.at} />
        <div class="pair-fields">
          <SenderField {...given} error={errors.by} />
          <ValidityField {...given} error={errors.validity} />
        </div>
        <Reference {...given} error={errors.reference} />
        {failure !== undefined && <Failure error={failure} />}
      </div>
      <Foot says={takes(wordsOf(fields), preview)} isBusy={isBusy} />
    </WrittenForm>
  );
}

/** Who takes a template away goes on writing where it ended. */
function chosen(fields: Fields, template: Fields["template"]): Partial<Fields> {
  return template ? { template } : { template, text: wordsOf(fields) };
}

function Foot({ says, isBusy }: { says: string; isBusy: boolean }) {
  const isOff = useOff();
  return (
    <div class="form-foot">
      <span class={isOff ? "soft small" : "soft small only-wide"}>{isOff ? t`You are offline. What you wrote stays here.` : says}</span>
      <button type="submit" class="btn primary push" disabled={isBusy || isOff}>
        <Icon name="send" />
        {t`Send message`}
        <kbd class="only-wide">{t`Ctrl ↵`}</kbd>
      </button>
    </div>
  );
}

/** Sending, and what is wrong: at a field, or with all of it. Nothing is said before somebody tries to send. */
function useSubmit(form: { current: HTMLFormElement | null }, { fields, preview, onChange, onSent }: Props) {
  const send = useSend(onSent);
  const [isTried, setTried] = useState(false);
  const isOff = useOff();
  const missing = missingOf(fields, preview);
  const errors: Errors = { ...refusedOf(send.error), ...(isTried && missing) };
  const isAtField = Object.keys(errors).length > 0;
  useEffect(() => {
    if (send.error) focusWrong(form.current!);
  }, [send.error]);

  function change(changed: Partial<Fields>) {
    send.reset();
    onChange(changed);
  }

  function submit() {
    if (send.isPending || isOff) return;
    setTried(true);
    if (Object.keys(missing).length) requestAnimationFrame(() => focusWrong(form.current!));
    else send.mutate(fields, { onSuccess: () => setTried(false) });
  }

  return { errors, failure: isAtField ? undefined : (send.error ?? undefined), isBusy: send.isPending, change, submit };
}

/** What the message takes of what is left this hour. */
function takes(text: string, preview: Preview | undefined): string {
  if (!text || !preview) return "";
  const segments = measure(text).parts.length;
  const left = count(preview.senders.segmentsLeft);
  return plural(segments, { one: `Takes # of ${left} segments`, other: `Takes # of ${left} segments` });
}

function focusWrong(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}
