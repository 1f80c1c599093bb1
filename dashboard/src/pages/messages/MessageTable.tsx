import { plural, t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useCallback } from "preact/hooks";
import { type NamedPhone, useNamedPhones } from "../../api/account";
import type { Schemas } from "../../api/queries";
import { State } from "../../parts/State";
import { Windowed } from "../../parts/Windowed";
import { exactMoment, moment, phoneNumber } from "../../texts/formats";
import { reason, simName } from "./words";

type Message = Schemas["MessageView"];
const URGENT = 9;
const COLUMNS = { text: 6, why: 5 } as const;

function pathOf(jobId: string): string {
  return `/messages/${jobId}`;
}

/** Messages as rows; as a list on a phone. `says`: the text, or why it failed. `path` is where a row leads. */
export function MessageTable({
  messages,
  says,
  caption,
  chosen,
  path = pathOf,
}: {
  messages: Message[];
  says: "text" | "why";
  caption: string;
  chosen?: string;
  path?: (jobId: string) => string;
}) {
  const phones = useNamedPhones();
  const draw = useCallback(
    (message: Message) => (
      <Row key={message.jobId} message={message} says={says} isChosen={message.jobId === chosen} path={path(message.jobId)} phones={phones} />
    ),
    [says, chosen, path, phones],
  );
  return (
    <div class="table-wrap">
      <table class="table" role="table" aria-rowcount={messages.length}>
        <caption class="sr">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <Head className="w-state">{t`Status`}</Head>
            <Head className="w-to">{t`To`}</Head>
            <Head>{says === "why" ? t`Why` : t`Message`}</Head>
            <Head className="w-phone">{t`Phone`}</Head>
            {says === "text" && <Head className="w-src c-src">{t`Source`}</Head>}
            <Head className="w-when end">{says === "why" ? t`Time` : t`Accepted`}</Head>
          </tr>
        </thead>
        <Windowed rows={messages} columns={COLUMNS[says]}>
          {draw}
        </Windowed>
      </table>
    </div>
  );
}

export function Head({ className = "", children }: { className?: string; children: preact.ComponentChildren }) {
  return (
    <th scope="col" role="columnheader" class={className}>
      {children}
    </th>
  );
}

interface RowProps {
  message: Message;
  says: "text" | "why";
  isChosen: boolean;
  path: string;
  phones: NamedPhone[];
}

function Row({ message, says, isChosen, path, phones }: RowProps) {
  const { route } = useLocation();
  const phone = simName(phones, message.deviceId, message.simSlot);
  const due = message.status === "Scheduled" && message.sendAt ? moment(message.sendAt) : "";
  return (
    <tr role="row" aria-selected={isChosen || undefined} onClick={(event) => isPlain(event) && route(path)}>
      <td role="cell" class="c-state">
        <State of={message.status} />
      </td>
      <td role="cell" class="c-to">
        <a class="to num" href={path}>
          {phoneNumber(message.recipient)}
        </a>
      </td>
      <td role="cell" class="c-text">
        <span class="withtag">
          {says === "why" ? <span class="cut">{reason(message)}</span> : <bdi class="cut">{message.message}</bdi>}
          {says === "text" && message.priority >= URGENT && <span class="tag">{t`Urgent`}</span>}
          {says === "text" && message.segments > 1 && (
            <span class="tag">{plural(message.segments, { one: "# seg", other: "# seg" })}</span>
          )}
        </span>
      </td>
      <td role="cell" class="c-phone">
        {phone ? <span class="soft">{phone}</span> : due ? <span class="soft">{t`Due ${due}`}</span> : <None isShown={says === "why"} />}
      </td>
      {says === "text" && (
        <td role="cell" class="c-gone c-src">
          <span class="soft">{sourceOf(message)}</span>
        </td>
      )}
      <td role="cell" class="c-when end">
        <span class="soft num">{says === "why" ? moment(message.failedAt ?? message.createdAt) : exactMoment(message.createdAt)}</span>
      </td>
    </tr>
  );
}

/** No phone had it. */
function None({ isShown }: { isShown: boolean }) {
  return (
    <>
      {isShown && (
        <span class="faint" aria-hidden="true">
          –
        </span>
      )}
      <span class="sr">{isShown ? t`None` : t`None yet`}</span>
    </>
  );
}

/** Who sent it: a client, a person of the account, or we ourselves. */
export function sourceOf({ clientId, clientName }: Pick<Message, "clientId" | "clientName">): string {
  if (clientName) return clientName;
  if (clientId === "smskit") return t`Answer to a keyword`;
  return clientId.startsWith("operator:") ? t`Somebody who left` : clientId;
}

/** A click that only opens: not on a link, not while text is being selected, no key held. */
function isPlain(event: MouseEvent): boolean {
  const isOnLink = (event.target as HTMLElement).closest("a, button") !== null;
  return !isOnLink && !event.ctrlKey && !event.metaKey && !event.shiftKey && !getSelection()?.toString();
}
