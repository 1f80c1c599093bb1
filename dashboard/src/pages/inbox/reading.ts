import { useEffect, useRef, useState } from "preact/hooks";
import { firstUnread } from "./lines";
import { type Conversation, keyOf, type Message, useMarkRead } from "./queries";

/** So long the newest message has to be in view before it counts as read. */
const READ_MS = 1_000;

export function useIsVisible(): boolean {
  const [isVisible, see] = useState(!document.hidden);
  useEffect(() => {
    const changed = () => see(!document.hidden);
    document.addEventListener("visibilitychange", changed);
    return () => document.removeEventListener("visibilitychange", changed);
  }, []);
  return isVisible;
}

/** Marks the conversation as read once its newest message has been in view for a second. */
export function useReading(conversation: Conversation | undefined, newest: Message | undefined, isInView: boolean, mayMark: boolean): void {
  const { mutate } = useMarkRead();
  const until = newest?.at;
  const conversationId = conversation?.conversationId;
  const waits = mayMark && isInView && Boolean(conversation?.unreadCount);
  useEffect(() => {
    if (!waits || !until || !conversationId) return undefined;
    const timer = setTimeout(() => mutate({ conversationId, until }), READ_MS);
    return () => clearTimeout(timer);
  }, [waits, until, conversationId]);
}

/**
 * Before which message the "New" line stands: the first unread one when the thread is opened, and again when something
 * came in while nobody looked at its end. What comes in under the reader's eyes gets no line.
 */
export function useNewLine(conversation: Conversation | undefined, messages: Message[], isInView: boolean): string | undefined {
  const opening = useRef<{ from: string | undefined }>();
  const [later, draw] = useState<string | undefined>();
  const unread = conversation?.unreadCount ?? 0;
  if (conversation && messages.length) opening.current ??= { from: firstUnread(messages, unread) };
  const wasRead = useRef(false);
  useEffect(() => {
    if (unread === 0) wasRead.current = true;
    else if (wasRead.current && !isInView) {
      wasRead.current = false;
      draw(firstUnread(messages, unread));
    }
  }, [unread, isInView]);
  return later ?? opening.current?.from;
}

/** How many messages came in behind what has been in view. */
export function useArrived(messages: Message[], newFrom: string | undefined, isInView: boolean): number {
  const seen = useRef<string | undefined>();
  const newest = messages.at(-1);
  const newestKey = newest && keyOf(newest);
  useEffect(() => {
    if (!isInView) return undefined;
    const timer = setTimeout(() => (seen.current = newestKey), READ_MS);
    return () => clearTimeout(timer);
  }, [isInView, newestKey]);
  if (isInView) return 0;
  const at = messages.findLastIndex((message) => keyOf(message) === (seen.current ?? newFrom));
  if (at < 0) return 0;
  return messages.slice(seen.current ? at + 1 : at).filter(({ direction }) => direction === "in").length;
}
