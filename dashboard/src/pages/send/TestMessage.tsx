import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import type { Schemas } from "../../api/queries";
import { Field } from "../../parts/controls";
import { Dialog } from "../../parts/Dialog";
import { FormDialog } from "../../parts/FormDialog";
import { Loaded } from "../../parts/Loading";
import { State } from "../../parts/State";
import { missingOf, refusedOf } from "./errors";
import { EMPTY, type Fields } from "./fields";
import { usePreview } from "./preview";
import { Progress, useFollowed } from "./progress";
import { ToField } from "./ToField";
import { useSend } from "./useSend";
import "../../styles/send.css";

/** The first message, to somebody's own number; then each step of it, as it happens. */
export function TestMessage({ onClose }: { onClose: () => void }) {
  const [fields, set] = useState<Fields>(() => ({ ...EMPTY, text: t`This is a test from SMSKit.` }));
  const [jobId, follow] = useState<string | undefined>();
  const [isTried, tryIt] = useState(false);
  const preview = usePreview(fields);
  const send = useSend(({ jobId: queued }) => follow(queued));
  if (jobId) return <Followed jobId={jobId} onClose={onClose} />;

  const missing = missingOf(fields, preview);
  const errors = { ...refusedOf(send.error), ...(isTried && missing) };
  function change(changed: Partial<Fields>) {
    send.reset();
    set({ ...fields, ...changed });
  }
  function submit() {
    tryIt(true);
    if (!Object.keys(missing).length) send.mutate(fields);
  }
  return (
    <FormDialog
      title={t`Send yourself a message`}
      verb={t`Send a test`}
      isBusy={send.isPending}
      error={errors.to || errors.text ? undefined : send.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <ToField fields={fields} preview={preview} error={errors.to} onChange={change} />
      <Field label={t`Message`} error={errors.text}>
        {(tied) => <textarea {...tied} class="input area" rows={2} value={fields.text} onInput={(event) => change({ text: event.currentTarget.value })} />}
      </Field>
    </FormDialog>
  );
}

function Followed({ jobId, onClose }: { jobId: string; onClose: () => void }) {
  const message = useFollowed(jobId);
  return (
    <Dialog title={titleOf(message.data?.status)} onClose={onClose}>
      <div class="in">
        <div role="status">{message.data && <State of={message.data.status} chip />}</div>
        <Loaded query={message} rows={4}>
          {(detail) => <Progress message={detail} />}
        </Loaded>
      </div>
      <footer>
        <button type="button" class="btn primary" autofocus onClick={onClose}>
          {t`Done`}
        </button>
      </footer>
    </Dialog>
  );
}

function titleOf(status: Schemas["MessageDetail"]["status"] | undefined): string {
  if (status === "Delivered") return t`Your message has arrived`;
  return status === "Failed" || status === "DeadLetter" ? t`Your message didn't arrive` : t`Your message is on its way`;
}
