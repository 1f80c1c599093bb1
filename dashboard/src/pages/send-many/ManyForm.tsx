import { plural, t } from "@lingui/core/macro";
import { useEffect, useRef, useState } from "preact/hooks";
import { Confirm } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { count, moment } from "../../texts/formats";
import { MOST_CHARACTERS } from "../../texts/segments";
import { namesOf, shown } from "../../texts/variables";
import { SenderField, ValidityField } from "../send/ChoiceFields";
import { refusedOf as refusedFields } from "../send/errors";
import type { Errors, Fields } from "../send/fields";
import { FixedText } from "../send/FixedText";
import type { Preview } from "../send/preview";
import { PriorityField } from "../send/PriorityField";
import { TemplateField } from "../send/TemplateField";
import { whenWrong, WhenField } from "../send/WhenField";
import { WordsField, wordsWrong } from "../send/WordsField";
import { WrittenForm } from "../send/WrittenForm";
import { useSegments } from "./FirstMessages";
import { RefusedRows } from "./Outcome";
import { RecipientsField } from "./RecipientsField";
import { refusedBy } from "./refused";
import { type Accepted, messageTo, textOf, useSendMany } from "./request";
import type { Row, Sheet } from "./rows";

const MOST_ROWS = 1_000;
const LONGEST_NUMBER = 40;

interface Props {
  list: string;
  sheet: Sheet;
  fields: Fields;
  preview: Preview | undefined;
  onWrite: (list: string) => void;
  onChange: (change: Partial<Fields>) => void;
  onSent: (accepted: Accepted, rows: Row[]) => void;
}

type Wrong = Errors & { list?: string };

/** The form; Ctrl Enter leads to the question that comes before so many messages. */
export function ManyForm(props: Props) {
  const { list, sheet, fields, preview } = props;
  const form = useRef<HTMLFormElement>(null);
  const { errors, failure, refused, isBusy, isAsked, change, write, submit, send, leave } = useSubmit(form, props);
  const segments = useSegments(sheet.rows, fields);
  const given = { fields, preview, onChange: change };
  const [first] = sheet.rows;
  return (
    <WrittenForm form={form} label={t`Message to many`} onSubmit={submit}>
      <div class="send-form">
        <RecipientsField text={list} sheet={sheet} error={errors.list} onWrite={write} />
        <TemplateField chosen={fields.template} error={errors.template} onChoose={(template) => change({ template, text: template ? fields.text : textOf(fields) })} />
        {fields.template ? (
          <FixedText text={fields.template.message} error={errors.text} />
        ) : (
          <WordsField
            text={fields.text}
            counted={first ? messageTo(first, fields) : fields.text}
            hint={placesSaid(sheet.columns)}
            error={errors.text}
            onWrite={(text) => change({ text })}
          />
        )}
        <PriorityField {...given} error={errors.priority} />
        <WhenField {...given} error={errors.at} />
        <div class="pair-fields">
          <SenderField {...given} error={errors.by} />
          <ValidityField {...given} error={errors.validity} />
        </div>
        {failure !== undefined && <Failure error={failure} />}
        {refused.length > 0 && <RefusedRows refused={refused} />}
      </div>
      <Foot rows={sheet.rows.length} segments={textOf(fields) ? segments : 0} preview={preview} isBusy={isBusy} />
      {isAsked && <Ask rows={sheet.rows.length} segments={segments} at={fields.at} isBusy={isBusy} onSend={send} onClose={leave} />}
    </WrittenForm>
  );
}

function placesSaid(columns: string[]): string {
  const named = columns.map(shown).join(", ");
  return named ? t`Each row's value stands for ${named}.` : t`Everybody gets the same text.`;
}

function Foot({ rows, segments, preview, isBusy }: { rows: number; segments: number; preview: Preview | undefined; isBusy: boolean }) {
  const isOff = useOff();
  const left = count(preview?.senders.segmentsLeft ?? 0);
  const takes = rows && segments && preview ? plural(segments, { one: `Takes # of ${left} segments`, other: `Takes # of ${left} segments` }) : "";
  return (
    <div class="form-foot">
      <span class={isOff ? "soft small" : "soft small only-wide"}>{isOff ? t`You are offline. What you wrote stays here.` : takes}</span>
      <button type="submit" class="btn primary push" disabled={isBusy || isOff}>
        <Icon name="send" />
        {rows ? plural(rows, { one: "Send # message", other: "Send # messages" }) : t`Send messages`}
        <kbd class="only-wide">{t`Ctrl ↵`}</kbd>
      </button>
    </div>
  );
}

/** Asked before so many messages go out. */
function Ask({ rows, segments, at, isBusy, onSend, onClose }: { rows: number; segments: number; at: number | undefined; isBusy: boolean; onSend: () => void; onClose: () => void }) {
  const due = at && moment(at);
  const title = plural(rows, { one: "Send # message?", other: "Send # messages?" });
  return (
    <Confirm title={title} verb={plural(rows, { one: "Send # message", other: "Send # messages" })} isBusy={isBusy} isHarmless onConfirm={onSend} onClose={onClose}>
      <ul class="bullets soft">
        <li>{plural(segments, { one: "They take # segment in all.", other: "They take # segments in all." })}</li>
        <li>{t`A number that has opted out, or isn't right, is refused alone. Of rows to one number the first is sent.`}</li>
        {due ? <li>{t`They go out ${due}.`}</li> : <li>{t`The batch can be cancelled, as far as no phone has taken its messages.`}</li>}
      </ul>
    </Confirm>
  );
}

/** Sending, and what is wrong. Nothing is said before somebody tries to send. */
function useSubmit(form: { current: HTMLFormElement | null }, { sheet, fields, onWrite, onChange, onSent }: Props) {
  const [isTried, tryIt] = useState(false);
  const [isAsked, ask] = useState(false);
  const isOff = useOff();
  const sending = useSendMany((accepted, rows) => {
    tryIt(false);
    onSent(accepted, rows);
  });
  const wrong = wrongWith(sheet, fields);
  const errors: Wrong = { ...refusedFields(sending.error), ...(isTried && wrong) };
  const refused = refusedBy(sending.error, sheet.rows);
  const isAtField = Object.keys(errors).length > 0;
  const toWrong = () => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  useEffect(() => {
    if (sending.error) toWrong();
  }, [sending.error]);

  return {
    errors,
    refused,
    failure: isAtField ? undefined : (sending.error ?? undefined),
    isBusy: sending.isPending,
    isAsked,
    change(changed: Partial<Fields>) {
      sending.reset();
      onChange(changed);
    },
    write(list: string) {
      sending.reset();
      onWrite(list);
    },
    submit() {
      if (sending.isPending || isOff) return;
      tryIt(true);
      if (Object.keys(wrong).length) requestAnimationFrame(toWrong);
      else ask(true);
    },
    send() {
      sending.mutate({ fields, rows: sheet.rows }, { onSettled: () => ask(false) });
    },
    leave: () => ask(false),
  };
}

/** What can be seen to be wrong before anybody is asked. */
function wrongWith({ rows, columns }: Sheet, fields: Fields): Wrong {
  const text = textOf(fields);
  const when = whenWrong(fields.at);
  const list = listWrong(rows);
  const words = textWrong(text, columns);
  return { ...(list && { list }), ...(words && { text: words }), ...(when && { at: when }) };
}

function listWrong(rows: Row[]): string | undefined {
  const [most, are] = [count(MOST_ROWS), count(rows.length)];
  if (!rows.length) return t`Write one number at least`;
  if (rows.length > MOST_ROWS) return t`At most ${most} recipients at once; these are ${are}`;
  const wrong = rows.find(({ recipient }) => !recipient || recipient.length > LONGEST_NUMBER);
  const line = wrong && count(wrong.line);
  return line && t`Line ${line} has no number in its first column, or in the one that is called number`;
}

function textWrong(text: string, columns: string[]): string | undefined {
  const most = count(MOST_CHARACTERS);
  if (!text.trim()) return t`Write the message`;
  if ([...text].length > MOST_CHARACTERS) return t`A message has at most ${most} characters`;
  const absent = namesOf(text).find((name) => !columns.includes(name));
  const name = absent && shown(absent);
  return wordsWrong(text) ?? (name && t`No column is called ${name}. Name the columns in the first line of the recipients`);
}
