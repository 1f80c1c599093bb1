import { dayKey } from "../../texts/formats";
import { keyOf, type Message } from "./queries";
import type { Reply } from "./replies";

/** A message as the thread shows it; with `reply`, one that is only here so far. */
export type Shown = Message & { reply?: Reply };

export type Line =
  | { kind: "top"; key: string }
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: string }
  /** `isLast`: of a run, under which author, time and state stand. */
  | { kind: "message"; key: string; message: Shown; isLast: boolean };

const RUN_MS = 5 * 60_000;
const BAD = ["Failed", "DeadLetter"];

export function isBad(message: Shown): boolean {
  return BAD.includes(message.status ?? "") || message.reply?.state === "refused";
}

/** What the thread shows from top to bottom. `messages` are oldest first; before `newFrom` stands a line. */
export function linesOf(messages: Shown[], newFrom: string | undefined, hasTop: boolean): Line[] {
  const lines: Line[] = hasTop ? [{ kind: "top", key: "top" }] : [];
  let day = "";
  messages.forEach((message, at) => {
    const key = lineKey(message);
    const own = dayKey(message.at);
    if (own !== day) lines.push({ kind: "day", key: `day ${own}`, at: message.at });
    day = own;
    if (key === newFrom) lines.push({ kind: "new", key: "new" });
    const next = messages[at + 1];
    const isLast = !next || lineKey(next) === newFrom || !isOneRun(message, next);
    lines.push({ kind: "message", key, message, isLast });
  });
  return lines;
}

export function lineKey(message: Shown): string {
  return message.reply?.key ?? keyOf(message);
}

function isOneRun(one: Shown, next: Shown): boolean {
  return (
    one.direction === next.direction &&
    one.clientId === next.clientId &&
    one.status === next.status &&
    !isBad(one) &&
    !one.reply &&
    !next.reply &&
    Date.parse(next.at) - Date.parse(one.at) < RUN_MS &&
    dayKey(one.at) === dayKey(next.at)
  );
}

/** The replies that aren't among the messages yet, as messages behind them. */
export function withReplies(messages: Message[], replies: Reply[], me: string | undefined): Shown[] {
  const known = new Set(messages.map(({ jobId }) => jobId));
  const own = replies.filter(({ jobId }) => jobId === undefined || !known.has(jobId));
  return [...messages, ...own.map((reply) => shownReply(reply, me))];
}

function shownReply(reply: Reply, me: string | undefined): Shown {
  return {
    direction: "out",
    at: reply.at,
    content: reply.text,
    status: reply.state === "refused" ? undefined : "Pending",
    clientId: me && `operator:${me}`,
    reply,
  };
}

/** Where what is unread begins: the key of the message that so many from the end came in. */
export function firstUnread(messages: Message[], unread: number): string | undefined {
  let left = unread;
  for (const message of [...messages].reverse()) {
    if (message.direction === "in") left -= 1;
    if (left === 0 && message.direction === "in") return keyOf(message);
  }
  return undefined;
}
