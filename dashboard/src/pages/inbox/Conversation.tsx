import { t } from "@lingui/core/macro";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Problem } from "../../api/problems";
import { useMe, usePhones } from "../../api/queries";
import { Confirm } from "../../parts/Dialog";
import { Bones, Empty, Failure } from "../../parts/Loading";
import { useMay } from "../../session/role";
import { useKeys } from "../../shell/keys";
import { simName } from "../messages/words";
import { OptIn, OptOut } from "../opt-outs/dialogs";
import { About, type ContactAct } from "./About";
import { Answer } from "./Answer";
import { Erase } from "./Erase";
import { AboutSheet, ThreadBar } from "./ThreadBar";
import { linesOf, type Shown, withReplies } from "./lines";
import { Log } from "./Log";
import { type Conversation as Contact, type Message, useConversation, useThread } from "./queries";
import { useArrived, useIsVisible, useNewLine, useReading } from "./reading";
import { dropReply, replies, restoreReplies, startReply, useSendReply } from "./replies";

const NONE: Message[] = [];

/** One conversation: what was written, where an answer is written, and whom it is with. */
export function Conversation({ conversationId, back }: { conversationId: string; back: string }) {
  const { data: conversation, error, refetch } = useConversation(conversationId);
  const { data: phones = [] } = usePhones();
  const [act, open] = useState<ContactAct | "about" | undefined>();
  const thread = useThread(conversationId);
  const lastIn = thread.data?.items.find(({ direction }) => direction === "in");
  const close = () => open(undefined);
  const isMissing = error instanceof Problem && error.status === 404;
  return (
    <>
      <section class="thread" aria-label={t`Conversation`}>
        <ThreadBar
          conversation={conversation}
          back={back}
          by={conversation?.owner && simName(phones, conversation.owner.deviceId, conversation.owner.simSlot)}
          onOpen={open}
        />
        {isMissing ? (
          <div class="mid">
            <Empty icon="search" title={t`There is no such conversation in this account`} />
          </div>
        ) : (
          <>
            {!conversation && error && <Failure error={error} again={() => void refetch()} />}
            <Thread conversation={conversation} thread={thread} />
          </>
        )}
      </section>
      <aside class="about" aria-label={t`About this contact`}>
        <h2>{t`About this contact`}</h2>
        {conversation && <About conversation={conversation} lastIn={lastIn} onAct={open} />}
      </aside>
      {conversation && act === "about" && <AboutSheet conversation={conversation} lastIn={lastIn} onAct={open} onClose={close} />}
      {conversation && act === "optOut" && <OptOut number={conversation.number} isKnown onDone={close} onClose={close} />}
      {conversation && act === "optIn" && <OptIn number={conversation.number} onClose={close} />}
      {conversation && act === "erase" && <Erase number={conversation.number} onClose={close} />}
    </>
  );
}

/** Everything that the thread shows and does, for as long as it is open. */
function useThreadOf(conversation: Contact | undefined, thread: ReturnType<typeof useThread>) {
  const { data: me } = useMe();
  const messages = useMemo(() => [...(thread.data?.items ?? NONE)].reverse(), [thread.data?.items]);
  const [isAtEnd, reach] = useState(true);
  const isInView = useIsVisible() && isAtEnd && thread.data !== undefined;
  const mayReply = useMay("operator");
  useReading(conversation, messages.at(-1), isInView, mayReply);
  const newFrom = useNewLine(conversation, messages, isInView);
  const arrived = useArrived(messages, newFrom, isInView);
  const own = useReplies(conversation?.conversationId, messages);
  const send = useSendReply();
  const lines = useMemo(
    () => linesOf(withReplies(messages, own, me?.personId), newFrom, thread.hasOlder),
    [messages, own, me?.personId, newFrom, thread.hasOlder],
  );
  function again(message: Shown) {
    if (message.reply) send.mutate(message.reply);
    else if (conversation) send.mutate(startReply(conversation.conversationId, message.content, false));
  }
  return { lines, arrived, reach, again, send, me: me?.personId, canSend: mayReply && !conversation?.optedOut };
}

function Thread({ conversation, thread }: { conversation: Contact | undefined; thread: ReturnType<typeof useThread> }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const { lines, arrived, reach, again, send, me, canSend } = useThreadOf(conversation, thread);
  const [asked, ask] = useState<Shown | undefined>();
  useKeys({ r: () => field.current?.focus() });
  if (!thread.data) return thread.error ? <Failure error={thread.error} again={() => void thread.refetch()} /> : <Bones rows={8} />;
  if (!conversation) return null;
  const sendAgain = (message: Shown) => (message.error?.mayHaveBeenSent ? ask(message) : again(message));
  return (
    <>
      {lines.length > 0 ? (
        <Log lines={lines} arrived={arrived} onOlder={() => void thread.loadOlder()} onEnd={reach} actions={{ me, ...(canSend && { sendAgain }) }} />
      ) : (
        <div class="mid">
          <Empty icon="erase" title={t`The messages are no longer kept`} />
        </div>
      )}
      {thread.olderError !== undefined && <Failure error={thread.olderError} again={() => void thread.loadOlder()} />}
      <Answer
        conversation={conversation}
        field={field}
        onSend={(text, fallback) => send.mutate(startReply(conversation.conversationId, text, fallback))}
      />
      {asked && (
        <TwiceQuestion
          onConfirm={() => {
            again(asked);
            ask(undefined);
          }}
          onClose={() => ask(undefined)}
        />
      )}
    </>
  );
}

/** Asks before a message is sent once more that may have gone out. */
function TwiceQuestion({ onConfirm, onClose }: { onConfirm: () => void; onClose: () => void }) {
  return (
    <Confirm title={t`Send it again?`} verb={t`Send it again`} onConfirm={onConfirm} onClose={onClose}>
      <p>{t`Nobody knows whether it went out the first time. The contact may get it twice.`}</p>
    </Confirm>
  );
}

/** This conversation's replies on their way. Those that have come into the thread are done. */
function useReplies(conversationId: string | undefined, messages: Message[]) {
  const all = replies.value;
  const own = useMemo(() => all.filter((reply) => reply.conversationId === conversationId), [all, conversationId]);
  useEffect(restoreReplies, []);
  useEffect(() => {
    const known = new Set(messages.map(({ jobId }) => jobId));
    for (const { key, jobId } of own) if (jobId && known.has(jobId)) dropReply(key);
  }, [own, messages]);
  return own;
}
