import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/preact-query";
import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { type Schemas, usePhones } from "../../api/queries";
import { Icon, type IconName } from "../../parts/Icon";
import { useMay } from "../../session/role";
import { clock, day } from "../../texts/formats";
import { simName } from "../messages/words";
import { OptIn } from "../opt-outs/dialogs";
import { Composer } from "./Composer";
import type { Conversation } from "./queries";

/** The composer; or the note that stands in its place, with what can be done about it. */
export function Answer({
  conversation,
  field,
  onSend,
}: {
  conversation: Conversation;
  field: RefObject<HTMLTextAreaElement>;
  onSend: (text: string, fallback: boolean) => void;
}) {
  const { data: phones } = usePhones();
  const [isFree, free] = useState(false);
  const mayReply = useMay("operator");
  const { number, owner, conversationId, optedOut } = conversation;
  if (!mayReply) {
    return <Note icon="info" tone="info" title={t`You can read, not change`} says={t`Your role is viewer. An owner can give you another.`} />;
  }
  if (!isReplyable(number)) {
    return <Note icon="info" tone="info" title={t`This sender takes no replies`} says={t`It is a name or a short code, not a phone number.`} />;
  }
  if (optedOut) return <Stopped number={number} />;
  const away = owner && phones ? whyAway(owner, phones) : undefined;
  if (away && !isFree) {
    return (
      <Note icon="nowifi" tone="warn" title={away.title} says={away.says}>
        <button type="button" class="btn small" onClick={() => free(true)}>
          {t`Use another SIM`}
        </button>
      </Note>
    );
  }
  const isBound = owner !== undefined && !isFree;
  return (
    <Composer
      conversationId={conversationId}
      number={number}
      by={isBound ? simName(phones ?? [], owner.deviceId, owner.simSlot) : undefined}
      field={field}
      onSend={(text) => onSend(text, !isBound)}
    />
  );
}

export function isReplyable(number: string): boolean {
  return number.startsWith("+");
}

/** Why the SIM that the contact wrote to can't send now; undefined when it can. */
function whyAway(owner: Schemas["OwnerView"], phones: Schemas["ConsoleDevice"][]): { title: string; says: string } | undefined {
  const phone = phones.find(({ deviceId }) => deviceId === owner.deviceId);
  const sim = phone?.sims.find(({ simSlot }) => simSlot === owner.simSlot);
  const slot = owner.simSlot + 1;
  const says = t`The contact wrote to its SIM ${slot}. You can reply by another SIM; they will see another number.`;
  if (!phone) return { title: t`The phone of this conversation was removed`, says };
  const { name } = phone;
  if (!phone.isEnabled) return { title: t`${name} is disabled`, says };
  if (phone.status === "Offline") return { title: t`${name} is offline`, says };
  if (sim?.isOnline) return undefined;
  return { title: t`SIM ${slot} of ${name} can't send now`, says: t`You can reply by another SIM; the contact will see another number.` };
}

function Stopped({ number }: { number: string }) {
  const [isAsking, ask] = useState(false);
  const { data } = useQuery({
    queryKey: ["opt-outs", number, "history"],
    queryFn: () => got(api().GET("/console/opt-outs/{number}/history", { params: { path: { number } } })),
    staleTime: 30_000,
  });
  const last = data?.entries[0];
  return (
    <>
      <Note icon="optout" tone="warn" title={t`This number has opted out`} says={howStopped(last)}>
        <button type="button" class="btn small" onClick={() => ask(true)}>
          {t`Opt in…`}
        </button>
      </Note>
      {isAsking && <OptIn number={number} onClose={() => ask(false)} />}
    </>
  );
}

/** When and how somebody opted out, and what lifts it. */
function howStopped(last: Schemas["OptOutChangeView"] | undefined): string {
  if (!last) return t`You can't reply until it writes START, or you opt it in with a reason.`;
  const date = day(last.at);
  const time = clock(last.at);
  if (!last.source.startsWith("sms:")) {
    return t`It was opted out on ${date} at ${time}. You can't reply until it writes START, or you opt it in with a reason.`;
  }
  const word = last.reason ?? "STOP";
  return t`It wrote ${word} on ${date} at ${time}. You can't reply until it writes START, or you opt it in with a reason.`;
}

function Note({ icon, tone, title, says, children }: { icon: IconName; tone: string; title: string; says: string; children?: preact.ComponentChildren }) {
  return (
    <div class="composer">
      <div class={`note ${tone}`} role="note">
        <Icon name={icon} />
        <div>
          <h2>{title}</h2>
          <p class="small">{says}</p>
        </div>
        {children}
      </div>
    </div>
  );
}
