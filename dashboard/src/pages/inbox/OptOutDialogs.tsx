import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { Field } from "../../parts/controls";
import { Confirm, Dialog } from "../../parts/Dialog";
import { Failure } from "../../parts/Loading";
import { fieldErrors } from "../../parts/refusals";
import { toast } from "../../parts/toasts";
import { phoneNumber } from "../../texts/formats";

const MOST_REASON = 200;

/** Change a number's opt-out; all that shows it is asked anew. */
function useChange<T>(act: (given: T) => Promise<unknown>, done: string, onClose: () => void) {
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

/** Opts a number out of messages; asks why. */
export function OptOut({ number, onClose }: { number: string; onClose: () => void }) {
  const shown = phoneNumber(number);
  const change = useChange(
    (reason: string) => got(api().POST("/console/opt-outs", { body: { number, ...(reason && { reason }) } })),
    t`${shown} is opted out`,
    onClose,
  );
  return (
    <Reasoned
      title={t`Opt ${shown} out?`}
      says={t`It gets no more messages, from nobody in this account. Nothing is sent to say so.`}
      verb={t`Opt the number out`}
      isNeeded={false}
      change={change}
      onClose={onClose}
    />
  );
}

/** Opts a number in again, for a reason that the audit log keeps. */
export function OptIn({ number, onClose }: { number: string; onClose: () => void }) {
  const shown = phoneNumber(number);
  const change = useChange(
    (reason: string) => got(api().DELETE("/console/opt-outs/{number}", { params: { path: { number }, query: { reason } } })),
    t`${shown} is opted in`,
    onClose,
  );
  return (
    <Reasoned
      title={t`Opt ${shown} in again?`}
      says={t`It gets messages again. Do this only when its owner asked for it.`}
      verb={t`Opt the number in`}
      isNeeded
      change={change}
      onClose={onClose}
    />
  );
}

interface Change {
  mutate: (reason: string) => void;
  isPending: boolean;
  error: unknown;
}

function Reasoned({
  title,
  says,
  verb,
  isNeeded,
  change,
  onClose,
}: {
  title: string;
  says: string;
  verb: string;
  /** Whether a reason must be given. */
  isNeeded: boolean;
  change: Change;
  onClose: () => void;
}) {
  const [reason, give] = useState("");
  const [isMissing, miss] = useState(false);
  const wrong = fieldErrors(change.error).reason;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isNeeded && !reason.trim()) miss(true);
          else change.mutate(reason.trim());
        }}
      >
        <div class="in">
          <p class="soft">{says}</p>
          <Field
            label={isNeeded ? t`Reason` : t`Reason, if there is one`}
            hint={t`It stands in the audit log.`}
            error={isMissing && !reason.trim() ? t`Write why` : wrong}
          >
            {(tied) => <input {...tied} class="input" maxLength={MOST_REASON} autofocus value={reason} onInput={(event) => give(event.currentTarget.value)} />}
          </Field>
          {change.error && !wrong ? <Failure error={change.error} /> : null}
        </div>
        <footer>
          <button type="button" class="btn" onClick={onClose}>
            {t`Keep as it is`}
          </button>
          <button type="submit" class="btn primary" disabled={change.isPending}>
            {verb}
          </button>
        </footer>
      </form>
    </Dialog>
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
