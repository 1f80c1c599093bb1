import { t } from "@lingui/core/macro";
import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useLocation } from "preact-iso";
import { api, got } from "../../api/client";
import { Problem } from "../../api/problems";
import type { Schemas } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { problemTitle } from "../../parts/Loading";
import { type Choice, Menu } from "../../parts/Menu";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";

interface Properties {
  message: Schemas["MessageDetail"];
  move: { label: string; act: () => void } | undefined;
  onCancel: () => void;
}

/** What else can be done with a message: copy, look further, move it, and withdraw it while no phone has it. */
export function Tasks({ message, move, onCancel }: Properties) {
  const { route } = useLocation();
  const canCancel = useMay("operator");
  const isOff = useOff();
  const number = encodeURIComponent(message.recipient);
  const choices: (Choice | null)[] = [
    { label: t`Copy the number`, icon: "copy", act: () => void copy(message.recipient) },
    { label: t`Copy the text`, icon: "copy", act: () => void copy(message.message) },
    null,
    { label: t`Messages to this number`, icon: "messages", act: () => route(`/messages?number=${number}`) },
    { label: t`Its opt-out`, icon: "optout", act: () => route(`/opt-outs?number=${number}`) },
    ...(message.status === "Scheduled" && move && canCancel && !isOff ? [null, { ...move, icon: "clock" as const }] : []),
    ...((message.status === "Pending" || message.status === "Scheduled") && canCancel && !isOff
      ? [null, { label: t`Cancel the message`, icon: "x" as const, danger: true, act: onCancel }]
      : []),
  ];
  return (
    <Menu label={t`Actions for this message`} className="btn quiet icon small" choices={choices}>
      <Icon name="dots" />
    </Menu>
  );
}

/** Withdraws a message. When a phone was faster, that is what went wrong. */
export function useCancel(jobId: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: () => got(api().POST("/console/messages/{jobId}/cancel", { params: { path: { jobId } } })),
    onSuccess: () => toast({ text: t`The message is cancelled` }),
    onSettled: async () => {
      await cache.invalidateQueries({ queryKey: ["message", jobId] });
      await cache.invalidateQueries({ queryKey: ["messages"] });
    },
  });
}

/** Why it could not be withdrawn. */
export function NotCancelled({ error }: { error: unknown }) {
  const isTaken = error instanceof Problem && error.kind === "not-cancellable";
  return (
    <div class="note warn" role="alert">
      <Icon name="alert" />
      <div>
        <h3>{isTaken ? t`It can't be cancelled any more` : problemTitle(error)}</h3>
        {isTaken && <p class="small">{t`A phone has taken it, or it has ended.`}</p>}
      </div>
    </div>
  );
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: t`Copied` });
  } catch {
    toast({ tone: "bad", text: t`The browser refused to copy. Select the text and copy it yourself.` });
  }
}
