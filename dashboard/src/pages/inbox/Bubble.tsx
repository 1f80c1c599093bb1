import { t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";
import { Icon } from "../../parts/Icon";
import { refusal } from "../../parts/refusals";
import { State } from "../../parts/State";
import { clock, dayKey, longDay } from "../../texts/formats";
import { reason } from "../messages/words";
import { isBad, type Line, type Shown } from "./lines";

/** What a message's row needs to know, and may do: undefined for who may not. */
export interface BubbleActions {
  me: string | undefined;
  sendAgain?: (message: Shown) => void;
}

/** A line of the thread. */
export function Row({ line, actions }: { line: Line; actions: BubbleActions }) {
  if (line.kind === "day") return <p class="day">{dayName(line.at)}</p>;
  if (line.kind === "new") {
    return (
      <div class="newline" role="separator">
        {t`New`}
      </div>
    );
  }
  if (line.kind === "message") return <Bubble message={line.message} isLast={line.isLast} actions={actions} />;
  return <p class="day">{t`Loading older messages`}</p>;
}

export function dayName(at: string): string {
  const key = dayKey(at);
  if (key === dayKey(serverNow())) return t`Today`;
  if (key === dayKey(serverNow() - 86_400_000)) return t`Yesterday`;
  return longDay(at);
}

function Bubble({ message, isLast, actions }: { message: Shown; isLast: boolean; actions: BubbleActions }) {
  const bad = isBad(message);
  return (
    <article class={`msg ${message.direction}${bad ? " bad" : ""}`}>
      <p>
        <bdi>{message.content}</bdi>
      </p>
      {bad ? <Refused message={message} actions={actions} /> : isLast && <Under message={message} me={actions.me} />}
    </article>
  );
}

function Under({ message, me }: { message: Shown; me: string | undefined }) {
  const time = clock(message.at);
  const author = authorOf(message, me);
  return (
    <div class="under">
      <span>{message.direction === "out" && author ? `${author} · ${time}` : time}</span>
      {message.direction === "out" && message.status && <State of={message.status} />}
    </div>
  );
}

/** Who wrote it: you, somebody else, a program, or nobody: an answer to a keyword. */
function authorOf({ clientId, clientName }: Shown, me: string | undefined): string | undefined {
  if (clientId === `operator:${me}`) return t`You`;
  if (clientId === "smskit") return t`Answer to a keyword`;
  return clientName ?? clientId;
}

/** Why it didn't go out, when, and the way to send it once more. */
function Refused({ message, actions }: { message: Shown; actions: BubbleActions }) {
  const { error, reply } = message;
  const why = reply ? reply.error !== undefined && refusal(reply.error) : error && reason({ error, attempts: 1 });
  const said = error?.mayHaveBeenSent ? why : why ? t`Not sent. ${why}` : t`Not sent`;
  return (
    <div class="under">
      <Icon name="failed" />
      <span>
        {said} · {clock(message.at)}
      </span>
      {actions.sendAgain && (
        <>
          <span aria-hidden="true">·</span>
          <button type="button" class="link bad-link" onClick={() => actions.sendAgain!(message)}>
            {reply ? t`Try again` : t`Send again`}
          </button>
        </>
      )}
    </div>
  );
}
