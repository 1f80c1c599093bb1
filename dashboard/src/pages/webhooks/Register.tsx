import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { api, got } from "../../api/client";
import { Secret } from "../../parts/Secret";
import { type Wanted, WebhookForm } from "./WebhookForm";

const START: Wanted = { url: "", events: ["sms:delivered", "sms:failed", "sms:received"] };

/** Adds a webhook, and shows its signing secret this once. `onMade` is told once the secret is stored. */
export function Register({ onMade, onClose }: { onMade: (webhookId: string) => void; onClose: () => void }) {
  const client = useQueryClient();
  const registration = useMutation({
    gcTime: 0,
    mutationFn: (body: Wanted) => got(api().POST("/console/webhooks", { body })),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["overview"] });
      return client.invalidateQueries({ queryKey: ["webhooks"] });
    },
  });
  const made = registration.data;
  if (made?.secret) {
    return (
      <Secret
        title={t`Copy the signing secret now`}
        says={t`It is shown this once. With it your endpoint sees that an event comes from SMSKit.`}
        value={made.secret}
        onDone={() => {
          registration.reset();
          onMade(made.webhookId);
        }}
      />
    );
  }
  return (
    <WebhookForm
      title={t`Add a webhook`}
      verb={t`Add the webhook`}
      start={START}
      isBusy={registration.isPending}
      error={registration.error}
      onSave={(wanted) => registration.mutate(wanted)}
      onClose={onClose}
    />
  );
}
