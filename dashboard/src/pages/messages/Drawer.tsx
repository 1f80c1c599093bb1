import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/preact-query";
import type { ComponentChildren } from "preact";
import { useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import { type NamedPhone, useNamedPhones } from "../../api/account";
import { Problem } from "../../api/problems";
import { type Schemas, useMessage } from "../../api/queries";
import { type Fact, Facts } from "../../parts/Facts";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loaded } from "../../parts/Loading";
import { State } from "../../parts/State";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { duration, moment, phoneNumber } from "../../texts/formats";
import { withTexts } from "../../texts/texts";
import { sourceOf } from "./MessageTable";
import { TimeSpent } from "./TimeSpent";
import { Timeline } from "./Timeline";
import { NotCancelled, Tasks, useCancel } from "./Tasks";
import { reason, simAndCarrier, simName } from "./words";

type Detail = Schemas["MessageDetail"];

/** One message over the list: Esc closes, the arrows walk the list. A page of its own on a phone. */
export function Drawer({ jobId, onWalk }: { jobId: string; onWalk: (step: number) => void }) {
  const { route, query } = useLocation();
  const message = useMessage(jobId);
  const cancel = useCancel(jobId);
  const loaded = useQuery({ queryKey: ["message parts"], queryFn: () => withTexts(import("../message/parts")), staleTime: Infinity });
  const parts = loaded.data;
  const [moving, move] = useState<Detail>();
  const drawer = useRef<HTMLDivElement>(null);
  const text = new URLSearchParams(query).toString();
  const list = `/messages${text ? `?${text}` : ""}`;
  useEffect(() => drawer.current?.querySelector<HTMLElement>(".fill")?.focus({ preventScroll: true }), []);
  useEffect(() => {
    function pressed(event: KeyboardEvent) {
      if (event.key === "Escape" && !document.querySelector(":popover-open, dialog[open]")) route(list);
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [list]);

  function pressed(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    onWalk(step);
  }

  const isMissing = message.error instanceof Problem && message.error.status === 404;
  return (
    <>
      <div ref={drawer} class="drawer" role="dialog" aria-label={t`Message`} onKeyDown={pressed}>
        <header>
          <a class="btn quiet icon small only-narrow" href={list} aria-label={t`Back to messages`}>
            <Icon name="left" />
          </a>
          <span class="mono faint cut">{jobId}</span>
          <button
            type="button"
            class="btn quiet icon small"
            aria-label={t`Copy the job id`}
            onClick={() => void navigator.clipboard.writeText(jobId).then(() => toast({ text: t`Copied` }))}
          >
            <Icon name="copy" />
          </button>
          <span class="push row">
            <button type="button" class="btn quiet icon small only-wide" aria-label={t`Newer message`} onClick={() => onWalk(-1)}>
              <Icon name="left" tone="up" />
            </button>
            <button type="button" class="btn quiet icon small only-wide" aria-label={t`Older message`} onClick={() => onWalk(1)}>
              <Icon name="left" tone="dn" />
            </button>
            {message.data && (
              <Tasks message={message.data} move={parts && { label: parts.toMove(), act: () => move(message.data) }} onCancel={() => cancel.mutate()} />
            )}
            <a class="btn quiet icon small only-wide" href={list} aria-label={t`Close`}>
              <Icon name="x" />
            </a>
          </span>
        </header>
        <div class="fill" tabIndex={0} role="group" aria-label={t`The message`}>
          {cancel.error && <NotCancelled error={cancel.error} />}
          {loaded.error && <Failure error={loaded.error} again={() => void loaded.refetch()} />}
          {isMissing ? (
            <Empty icon="search" title={t`There is no such message in this account`} />
          ) : (
            <Loaded query={message}>{(detail) => <Content message={detail}>{parts && <parts.Explained message={detail} />}</Content>}</Loaded>
          )}
        </div>
        {message.data && <Actions message={message.data} />}
      </div>
      {parts && moving && <parts.MoveForm message={moving} onClose={() => move(undefined)} />}
    </>
  );
}

function Content({ message, children }: { message: Detail; children: ComponentChildren }) {
  const phones = useNamedPhones();
  const end = message.deliveredAt ?? message.failedAt;
  const took = end && duration(Date.parse(end) - Date.parse(message.createdAt));
  return (
    <>
      <div class="head">
        <div class="row wide">
          <State of={message.status} chip />
          {took && <span class="soft small">{t`in ${took}`}</span>}
        </div>
        <h2 class="num">{phoneNumber(message.recipient)}</h2>
        {message.error && <p class="soft">{reason(message)}</p>}
      </div>
      <bdi class="quote">{message.message}</bdi>
      {children}
      <TimeSpent message={message} />
      <Timeline message={message} phones={phones} />
      <Details message={message} phones={phones} />
      {message.tries.length > 1 && <Tries tries={message.tries} phones={phones} />}
    </>
  );
}

function Details({ message, phones }: { message: Detail; phones: NamedPhone[] }) {
  const { priority, attempts } = message;
  const characters = plural([...message.message].length, { one: "# character", other: "# characters" });
  const level = priority >= 9 ? t`urgent` : priority >= 1 ? t`soon` : t`normal`;
  const rows: Fact[] = [
    [t`Sent by`, simAndCarrier(phones, message.deviceId, message.simSlot)],
    [t`Source`, sourceOf(message)],
    [t`Priority`, `${priority}, ${level}`],
    [t`Length`, `${characters}, ${plural(message.segments, { one: "# segment", other: "# segments" })}`],
    [t`Valid until`, moment(message.expiresAt)],
    [t`Attempts`, String(attempts)],
    [t`Your reference`, message.clientReference ?? undefined, true],
    [t`Error`, message.error?.code, true],
  ];
  return (
    <section class="gap">
      <h3>{t`Details`}</h3>
      <Facts rows={rows} slim={false} />
    </section>
  );
}

function Tries({ tries, phones }: { tries: Schemas["MessageAttempt"][]; phones: NamedPhone[] }) {
  return (
    <section class="gap">
      <h3>{t`Tries`}</h3>
      <ol class="stack">
        {tries.map((one) => (
          <li key={one.number} class="small">
            <span class="medium">{simName(phones, one.deviceId, one.simSlot)}</span>{" "}
            <span class="soft">
              {moment(one.assignedAt)} {one.outcome} {one.detail}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Actions({ message }: { message: Detail }) {
  const canSend = useMay("operator");
  const again = new URLSearchParams({ to: message.recipient, text: message.message });
  return (
    <footer>
      <a class="btn" href={message.conversationId ? `/inbox/${message.conversationId}` : `/inbox?number=${encodeURIComponent(message.recipient)}`}>
        <Icon name="inbox" />
        {t`Conversation`}
      </a>
      {canSend && (
        <a class="btn" href={`/send?${again}`}>
          <Icon name="replay" />
          {t`Send again`}
        </a>
      )}
    </footer>
  );
}
