import { plural, t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useLocation } from "preact-iso";
import { api, got } from "../../api/client";
import { Confirm } from "../../parts/Dialog";
import { FormDialog } from "../../parts/FormDialog";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { Secret } from "../../parts/Secret";
import { toast } from "../../parts/toasts";
import { ReplayForm } from "./ReplayForm";
import { type EventName, hostOf, useChangeWebhook, useRotateSecret, type Webhook } from "./webhooks";
import { WebhookForm } from "./WebhookForm";

export type Task = "edit" | "rotate" | "remove" | "replay";

/** The dialog of what somebody wants with a webhook. */
export function Tasks({ webhook, task, onClose }: { webhook: Webhook; task: Task; onClose: () => void }) {
  const Shown = { edit: Edit, rotate: Rotate, remove: Remove, replay: ReplayForm }[task];
  return <Shown webhook={webhook} onClose={onClose} />;
}

function Edit({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const change = useChangeWebhook(webhook.webhookId);
  return (
    <WebhookForm
      title={t`Edit the webhook`}
      verb={t`Save`}
      start={{ url: webhook.url, events: webhook.events as EventName[] }}
      isBusy={change.isPending}
      error={change.error}
      onSave={(wanted) =>
        change.mutate(wanted, {
          onSuccess: () => {
            toast({ text: t`The webhook is changed` });
            onClose();
          },
        })
      }
      onClose={onClose}
    />
  );
}

function Rotate({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const rotation = useRotateSecret(webhook.webhookId);
  const host = hostOf(webhook.url);
  if (rotation.data?.secret) {
    return (
      <Secret
        title={t`Copy the signing secret now`}
        says={t`It is shown this once. With it ${host} sees that an event comes from SMSKit.`}
        value={rotation.data.secret}
        onDone={() => {
          rotation.reset();
          onClose();
        }}
      />
    );
  }
  return (
    <FormDialog title={t`Rotate the signing secret?`} verb={t`Rotate the secret`} isBusy={rotation.isPending} error={rotation.error} onSubmit={() => rotation.mutate()} onClose={onClose}>
      <ul class="bullets soft">
        <li>{t`A new secret signs from now on. It is shown once.`}</li>
        <li>{t`The present one signs along for 24 hours: change over at any time until then.`}</li>
      </ul>
    </FormDialog>
  );
}

function Remove({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { route } = useLocation();
  const client = useQueryClient();
  const isOff = useOff();
  const { webhookId, backlog } = webhook;
  const host = hostOf(webhook.url);
  const removal = useMutation({
    mutationFn: () => got(api().DELETE("/console/webhooks/{webhookId}", { params: { path: { webhookId } } })),
    onSuccess: () => {
      route("/webhooks", true);
      toast({ text: t`${host} is removed` });
      void client.invalidateQueries({ queryKey: ["webhooks"], exact: true });
    },
  });
  return (
    <Confirm
      title={t`Remove ${host}?`}
      verb={t`Remove the webhook`}
      isBusy={removal.isPending || isOff}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    >
      <ul class="bullets soft">
        <li>{t`It gets no events from now on, and its secret is worthless.`}</li>
        {backlog > 0 && <li>{plural(backlog, { one: "# event that waits for it is not sent.", other: "# events that wait for it are not sent." })}</li>}
        <li>{t`Its log of deliveries can't be read any more.`}</li>
      </ul>
      {removal.isError && <Failure error={removal.error} />}
    </Confirm>
  );
}
