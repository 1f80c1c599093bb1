import { t } from "@lingui/core/macro";
import { Icon } from "../../parts/Icon";
import { type Choice, Menu } from "../../parts/Menu";
import { useOff } from "../../parts/Offline";
import { useMay } from "../../session/role";
import type { Task } from "./Tasks";
import type { usePing, Webhook } from "./webhooks";

/** What can be done with a webhook by the person's role; nothing for a viewer. */
export function WebhookMenu({ webhook, ping, onBegin }: { webhook: Webhook; ping: ReturnType<typeof usePing>; onBegin: (task: Task) => void }) {
  const isOperator = useMay("operator");
  const isOwner = useMay("owner");
  const isOff = useOff();
  if (!isOperator || isOff) return null;
  const choices: (Choice | null)[] = [{ label: t`Ping`, icon: "ping", act: () => ping.mutate() }];
  if (webhook.status !== "Suspended") choices.push({ label: t`Send again since…`, icon: "replay", act: () => onBegin("replay") });
  if (isOwner) {
    choices.push(
      null,
      { label: t`Edit`, icon: "pen", act: () => onBegin("edit") },
      { label: t`Rotate the secret`, icon: "key", act: () => onBegin("rotate") },
      null,
      { label: t`Remove…`, icon: "trash", danger: true, act: () => onBegin("remove") },
    );
  }
  return (
    <Menu label={t`Actions for this webhook`} className="btn icon" choices={choices}>
      <Icon name="dots" />
    </Menu>
  );
}
