import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { serverNow } from "../../api/clock";
import { fieldError } from "../../api/problems";
import { useSettings } from "../../api/queries";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { toast } from "../../parts/toasts";
import { instantOf, localTime } from "../../texts/localTime";
import { useReplaySince, type Webhook } from "./webhooks";

const DAY_MS = 86_400_000;

/** Sends again what failed or was skipped since a time, which is one of the account's. */
export function ReplayForm({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { data: settings } = useSettings();
  const zone = settings?.timeZone;
  const [text, write] = useState(() => localTime(serverNow() - DAY_MS, zone));
  const [isTried, tryIt] = useState(false);
  const replay = useReplaySince(webhook.webhookId);
  const since = instantOf(text, zone);
  const isPast = since !== undefined && since < serverNow();
  function save() {
    tryIt(true);
    if (!isPast) return;
    replay.mutate(new Date(since).toISOString(), {
      onSuccess: () => {
        toast({ text: t`What failed or was skipped is sent again` });
        onClose();
      },
    });
  }
  return (
    <FormDialog title={t`Send again since a time`} verb={t`Send again`} isBusy={replay.isPending} error={replay.error} onSubmit={save} onClose={onClose}>
      <p class="soft">{t`Every event since then that failed or was skipped is sent once more. Events keep their ids, so that your program can tell which it has had.`}</p>
      <Field
        label={t`Since`}
        hint={zone && t`In the account's time zone, ${zone}.`}
        error={isTried && !isPast ? t`Choose a time in the past.` : fieldError(replay.error, "since")}
      >
        {(attributes) => (
          <input {...attributes} class="input" type="datetime-local" value={text} onInput={(event) => write(event.currentTarget.value)} />
        )}
      </Field>
    </FormDialog>
  );
}
