import { plural, t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useEffect, useRef, useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { fieldError, Problem } from "../../api/problems";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { refusal } from "../../parts/refusals";
import { count } from "../../texts/formats";
import { measure, MOST_CHARACTERS } from "../../texts/segments";
import { type Errors, type Fields, requestOf } from "./fields";
import { MessageField } from "./MessageField";
import type { Preview } from "./preview";
import { PriorityField } from "./PriorityField";
import { Reference } from "./Reference";
import { SenderField, ValidityField } from "./ChoiceFields";
import { ToField } from "./ToField";

export interface FieldProps {
  fields: Fields;
  preview: Preview | undefined;
  error?: string;
  onChange: (change: Partial<Fields>) => void;
}

export function SendForm({
  fields,
  preview,
  onChange,
  onSent,
}: Omit<FieldProps, "error"> & {
  onSent: (jobId: string) => void;
}) {
  const form = useRef<HTMLFormElement>(null);
  const send = useSend(onSent);
  const [isTried, setTried] = useState(false);
  const isOff = useOff();
  const missing = isTried ? missingOf(fields, preview) : {};
  const errors: Errors = { ...refusedOf(send.error), ...missing };
  const props = { fields, preview, onChange: changed };
  useEffect(() => {
    if (send.error) focusWrong(form.current!);
  }, [send.error]);

  function changed(change: Partial<Fields>) {
    send.reset();
    onChange(change);
  }

  function submit() {
    if (send.isPending || isOff) return;
    setTried(true);
    if (Object.keys(missingOf(fields, preview)).length) requestAnimationFrame(() => focusWrong(form.current!));
    else send.mutate(fields, { onSuccess: () => setTried(false) });
  }

  return (
    <form
      ref={form}
      class="card"
      aria-label={t`Message`}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        submit();
      }}
    >
      <div class="form">
        <ToField {...props} error={errors.to} />
        <MessageField {...props} error={errors.text} />
        <PriorityField {...props} error={errors.priority} />
        <div class="pair-fields">
          <SenderField {...props} error={errors.by} />
          <ValidityField {...props} error={errors.validity} />
        </div>
        <Reference {...props} error={errors.reference} />
        {Boolean(send.error) && !Object.keys(errors).length && <Failure error={send.error} />}
      </div>
      <div class="form-foot">
        <span class="soft small only-wide">{isOff ? t`You are offline. What you wrote stays here.` : takes(fields.text, preview)}</span>
        <button type="submit" class="btn primary push" disabled={send.isPending || isOff}>
          <Icon name="send" />
          {t`Send message`}
          <kbd class="only-wide">{t`Ctrl ↵`}</kbd>
        </button>
      </div>
    </form>
  );
}

/** What the message takes of what is left this hour. */
function takes(text: string, preview: Preview | undefined): string {
  if (!text || !preview) return "";
  const segments = measure(text).parts.length;
  const left = count(preview.senders.segmentsLeft);
  return plural(segments, { one: `Takes # of ${left} segments`, other: `Takes # of ${left} segments` });
}

/** Sends the form. The same message that is tried again has the same key, so that it can't go out twice. */
function useSend(onSent: (jobId: string) => void) {
  const queries = useQueryClient();
  const key = useRef({ of: "", is: "" });
  return useMutation({
    mutationFn: (fields: Fields) => {
      const request = requestOf(fields);
      const of = JSON.stringify(request);
      if (key.current.of !== of) key.current = { of, is: crypto.randomUUID() };
      return got(api().POST("/console/messages", { body: { ...request, idempotencyKey: key.current.is } }));
    },
    onSuccess: ({ jobId }) => {
      key.current = { of: "", is: "" };
      void queries.invalidateQueries({ queryKey: ["messages"] });
      void queries.invalidateQueries({ queryKey: ["overview"] });
      onSent(jobId);
    },
  });
}

/** What can be seen to be missing before anybody is asked. */
function missingOf({ to, text }: Fields, preview: Preview | undefined): Errors {
  const most = count(MOST_CHARACTERS);
  return {
    ...(!to.trim() && { to: t`Write the number that it goes to` }),
    ...(preview?.recipient?.optedOut && { to: t`This number has opted out. Nothing can be sent to it.` }),
    ...(!text.trim() && { text: t`Write the message` }),
    ...([...text].length > MOST_CHARACTERS && { text: t`A message has at most ${most} characters` }),
  };
}

/** What the API refused, at the field that it is about. */
function refusedOf(error: unknown): Errors {
  if (!(error instanceof Problem)) return {};
  const of = (name: string) => fieldError(error, name);
  const about = { "recipient-opted-out": "to", "no-eligible-device": "by", "foreign-device": "by" }[error.kind];
  const named: Errors = {
    to: of("recipient"),
    text: of("message"),
    priority: of("priority"),
    by: of("devices"),
    validity: of("validitySeconds"),
    reference: of("clientReference"),
    ...(about && { [about]: refusal(error) }),
  };
  return Object.fromEntries(Object.entries(named).filter(([, said]) => said)) as Errors;
}

function focusWrong(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
}
