import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { fieldError } from "../../api/problems";
import { Field } from "../../parts/controls";
import { Confirm } from "../../parts/Dialog";
import { FormDialog } from "../../parts/FormDialog";
import { Failure } from "../../parts/Loading";
import { toast } from "../../parts/toasts";
import { phoneNumber } from "../../texts/formats";

const LONGEST_REASON = 200;

/** Change a number's opt-out for a reason; all that shows it is asked anew. */
function useChange(act: (reason: string) => Promise<unknown>, done: string, onClose: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => {
      toast({ text: done });
      void queries.invalidateQueries({ queryKey: ["conversations"] });
      void queries.invalidateQueries({ queryKey: ["opt-outs"] });
      onClose();
    },
  });
}

/** Opts the conversation's number out. */
export function OptOut({ number, onClose }: { number: string; onClose: () => void }) {
  const [reason, give] = useState("");
  const shown = phoneNumber(number);
  const change = useChange(
    (why) => got(api().POST("/console/opt-outs", { body: { number, ...(why && { reason: why }) } })),
    t`${shown} is opted out`,
    onClose,
  );
  return (
    <FormDialog
      title={t`Opt ${shown} out`}
      verb={t`Opt out`}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => change.mutate(reason.trim())}
      onClose={onClose}
    >
      <p class="soft">{t`It gets no more messages from this account. Nothing is sent to say so.`}</p>
      <Field label={t`Reason, if you like`} hint={t`It stands in the number's history.`} error={fieldError(change.error, "reason")}>
        {(tied) => (
          <input {...tied} class="input" maxLength={LONGEST_REASON} autofocus value={reason} onInput={(event) => give(event.currentTarget.value)} />
        )}
      </Field>
    </FormDialog>
  );
}

/** Opts the conversation's number in again; somebody may ask later why, so a reason is needed. */
export function OptIn({ number, onClose }: { number: string; onClose: () => void }) {
  const [reason, give] = useState("");
  const [isMissing, miss] = useState(false);
  const shown = phoneNumber(number);
  const change = useChange(
    (why) => got(api().DELETE("/console/opt-outs/{number}", { params: { path: { number }, query: { reason: why } } })),
    t`${shown} is opted in`,
    onClose,
  );
  return (
    <FormDialog
      title={t`Opt ${shown} in again`}
      verb={t`Opt in`}
      isBusy={change.isPending}
      error={change.error}
      onSubmit={() => (reason.trim() ? change.mutate(reason.trim()) : miss(true))}
      onClose={onClose}
    >
      <p class="soft">{t`They asked for no more messages. Opt them in only if they have told you that they want them again.`}</p>
      <Field
        label={t`Reason`}
        hint={t`For example: asked for it at the front desk. It stands in the number's history.`}
        error={isMissing && !reason.trim() ? t`Say why they want messages again` : fieldError(change.error, "reason")}
      >
        {(tied) => (
          <input {...tied} class="input" required maxLength={LONGEST_REASON} autofocus value={reason} onInput={(event) => give(event.currentTarget.value)} />
        )}
      </Field>
    </FormDialog>
  );
}

/** Erases all messages so far to and from a number, for good. */
export function Erase({ number, onClose }: { number: string; onClose: () => void }) {
  const shown = phoneNumber(number);
  const queries = useQueryClient();
  const erase = useMutation({
    mutationFn: () => got(api().POST("/console/erasures", { body: { number } })),
    onSuccess: () => {
      toast({ text: t`The messages of ${shown} are being erased` });
      void queries.invalidateQueries();
      onClose();
    },
  });
  return (
    <Confirm title={t`Erase the messages of ${shown}?`} verb={t`Erase the messages`} isBusy={erase.isPending} onConfirm={() => erase.mutate()} onClose={onClose}>
      <ul class="bullets">
        <li>{t`All messages so far to and from this number are erased for good.`}</li>
        <li>{t`Those that wait are withdrawn first; what a phone holds is erased once it has ended.`}</li>
        <li>{t`If the number has opted out, it stays so.`}</li>
      </ul>
      {erase.error && <Failure error={erase.error} />}
    </Confirm>
  );
}
