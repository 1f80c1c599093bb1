import { plural, t } from "@lingui/core/macro";
import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { Icon } from "../../parts/Icon";
import { Empty, Failure, Loaded } from "../../parts/Loading";
import { StateIcon } from "../../parts/State";
import { useMay } from "../../session/role";
import { Mark } from "../../shell/Mark";
import { Heading, Live } from "../../shell/Page";
import { useUnread } from "../../shell/unread";
import { phoneNumber, shortMoment } from "../../texts/formats";
import type { Conversation, useConversations } from "./queries";

const NUMBER = /^\+?[\d\s().-]{7,20}$/;

interface Props {
  found: ReturnType<typeof useConversations>;
  shown: Conversation[];
  isUnread: boolean;
  chosen: string | undefined;
  /** The number that is looked for in the address. */
  number: string | undefined;
  search: RefObject<HTMLInputElement>;
  pathOf: (conversationId: string) => string;
}

/** All conversations, or those that are unread; by number what is loaded at once, and all of them with Enter. */
export function ConversationList(props: Props) {
  const { number, chosen, isUnread, search, found } = props;
  const [typed, type] = useState(number ?? "");
  return (
    <section class="pane" aria-label={t`Conversations`}>
      <PaneBar isOpen={chosen !== undefined || number !== undefined} />
      <Finder typed={typed} onType={type} isUnread={isUnread} search={search} />
      <div class="convs">
        <Loaded query={found} rows={8}>
          {() => <Items {...props} typed={typed.trim()} />}
        </Loaded>
      </div>
    </section>
  );
}

function Items({ found, shown, isUnread, chosen, number, pathOf, typed }: Props & { typed: string }) {
  const fitting = shown.filter((conversation) => fits(conversation, typed));
  return (
    <>
      <nav aria-label={t`Conversations`}>
        {fitting.map((conversation) => (
          <Item
            key={conversation.conversationId}
            conversation={conversation}
            isChosen={conversation.conversationId === chosen}
            path={pathOf(conversation.conversationId)}
          />
        ))}
      </nav>
      {fitting.length === 0 && <None typed={typed} isAsked={typed === number} isUnread={isUnread} />}
      {found.olderError !== undefined && <Failure error={found.olderError} />}
      {found.hasOlder && (
        <button type="button" class="btn quiet older" disabled={found.isLoadingOlder} onClick={() => void found.loadOlder()}>
          {t`Load older`}
        </button>
      )}
    </>
  );
}

function fits({ number, contactName }: Conversation, typed: string): boolean {
  if (!typed) return true;
  const digits = typed.replace(/[\s().-]/g, "").replace(/^0/, "");
  return (digits !== "" && number.includes(digits)) || `${number} ${contactName ?? ""}`.toLowerCase().includes(typed.toLowerCase());
}

function PaneBar({ isOpen }: { isOpen: boolean }) {
  const unread = useUnread();
  const canSend = useMay("operator");
  return (
    <header>
      <span class="only-narrow">
        <Mark />
      </span>
      {isOpen ? <h2>{t`Inbox`}</h2> : <Heading title={t`Inbox`} unread={unread} />}
      <span class="push">
        <Live />
      </span>
      {canSend && (
        <a class="btn quiet icon only-narrow" href="/send" aria-label={t`Send a message`}>
          <Icon name="pen" />
        </a>
      )}
    </header>
  );
}

function Finder({
  typed,
  onType,
  isUnread,
  search,
}: {
  typed: string;
  onType: (typed: string) => void;
  isUnread: boolean;
  search: RefObject<HTMLInputElement>;
}) {
  const { route, path } = useLocation();
  const unread = useUnread();
  return (
    <div class="finder">
      <form
        class="search"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (NUMBER.test(typed.trim())) route(`/inbox?number=${encodeURIComponent(typed.replace(/[\s().-]/g, ""))}`);
        }}
      >
        <Icon name="search" />
        <input
          ref={search}
          type="search"
          aria-label={t`Find a number`}
          placeholder={t`Find a number`}
          autocomplete="off"
          value={typed}
          onInput={(event) => onType(event.currentTarget.value)}
        />
      </form>
      <div class="seg full" role="group" aria-label={t`Show`}>
        <button type="button" aria-pressed={!isUnread} onClick={() => route(path)}>
          {t`All`}
        </button>
        <button type="button" aria-pressed={isUnread} onClick={() => route(`${path}?unread=1`)}>
          {t`Unread`} {unread > 0 && <span class="soft">{unread}</span>}
        </button>
      </div>
    </div>
  );
}

/** `isAsked`: all conversations were looked through for what is typed. */
function None({ typed, isAsked, isUnread }: { typed: string; isAsked: boolean; isUnread: boolean }) {
  if (isAsked) return <Empty icon="search" title={t`No conversation fits`} />;
  if (NUMBER.test(typed)) {
    const number = encodeURIComponent(typed.replace(/[\s().-]/g, ""));
    return (
      <Empty icon="search" title={t`None of those that are loaded`} action={<a class="btn" href={`/inbox?number=${number}`}>{t`Look through all`}</a>} />
    );
  }
  if (typed) return <Empty icon="search" title={t`No conversation fits`}>{t`A whole number finds any conversation.`}</Empty>;
  if (isUnread) return <Empty icon="okc" title={t`Nothing is unread`} />;
  return <Empty icon="inbox" title={t`Nobody has written yet`}>{t`What people write to your phones shows here, and you answer from here.`}</Empty>;
}

function Item({ conversation, isChosen, path }: { conversation: Conversation; isChosen: boolean; path: string }) {
  const { number, contactName, unreadCount, optedOut, lastMessage } = conversation;
  const isUnread = unreadCount > 0;
  const isAlone = !isUnread && !optedOut;
  return (
    <a class={`conv${isUnread ? " unread" : ""}`} href={path} aria-current={isChosen ? "page" : undefined}>
      <span class={isUnread ? "dot new" : undefined} />
      <bdi class="who cut num">{contactName ?? phoneNumber(number)}</bdi>
      <span class="when">{shortMoment(lastMessage.at)}</span>
      <span class={`said cut${isAlone ? " alone" : ""}`}>
        {lastMessage.status && <StateIcon of={lastMessage.status} />}
        <Last message={lastMessage} />
      </span>
      {!isAlone && (
        <span class={isUnread ? "side-note" : "side-note tag"}>
          {isUnread ? (
            <span class="count" role="img" aria-label={plural(unreadCount, { one: "# unread", other: "# unread" })}>
              {unreadCount > 99 ? "99+" : unreadCount}
            </span>
          ) : (
            t`Opted out`
          )}
        </span>
      )}
    </a>
  );
}

function Last({ message }: { message: Conversation["lastMessage"] }) {
  const { preview, direction } = message;
  if (preview === undefined) return <span class="cut faint">{t`No longer kept`}</span>;
  return <bdi class="cut">{direction === "out" ? t`You: ${preview}` : preview}</bdi>;
}
