import { t } from "@lingui/core/macro";
import { useLocation, useRoute } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { Empty, Loaded } from "../../parts/Loading";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { useKeys } from "../../shell/keys";
import { Heading } from "../../shell/Page";
import { phoneNumber } from "../../texts/formats";
import { Conversation } from "./Conversation";
import { ConversationList } from "./ConversationList";
import { type Conversation as Contact, useConversation, useConversations, useConversationWith, useMarkRead } from "./queries";
import "../../styles/inbox.css";

export default function Inbox() {
  const { params } = useRoute();
  const { query } = useLocation();
  const chosen = params.conversationId;
  const number = chosen ? undefined : query.number;
  const isUnread = query.unread !== undefined;
  const kept = isUnread ? "?unread=1" : "";
  const found = useConversations(isUnread);
  const shown = useHeld(found.data?.items ?? [], chosen);
  const search = useRef<HTMLInputElement>(null);
  const pathOf = (conversationId: string) => `/inbox/${conversationId}${kept}`;
  useInboxKeys(shown, chosen, pathOf, `/inbox${kept}`, search);
  const isOpen = Boolean(chosen || number);
  return (
    <div class={chosen ? "inbox one" : number ? "inbox one two-col" : "inbox list two-col"}>
      <ConversationList
        key={number}
        found={found}
        shown={shown}
        isUnread={isUnread}
        chosen={chosen}
        number={number}
        search={search}
        pathOf={pathOf}
      />
      {chosen && <Conversation key={chosen} conversationId={chosen} back={`/inbox${kept}`} />}
      {number && <ByNumber number={number} />}
      {!isOpen && (
        <section class="thread blank" aria-label={t`No conversation chosen`}>
          <div class="mid">
            <Empty icon="inbox" title={t`Choose a conversation`}>{t`Or press J and K to move through them, Enter to open one.`}</Empty>
          </div>
        </section>
      )}
    </div>
  );
}

/** The list; the open conversation keeps its place in it while it is open, also when it isn't unread any more. */
function useHeld(items: Contact[], chosen: string | undefined): Contact[] {
  const { data: open } = useConversation(chosen ?? "", chosen !== undefined);
  const places = useRef<string[]>([]);
  const isThere = !open || items.some(({ conversationId }) => conversationId === open.conversationId);
  const at = open && !isThere ? places.current.indexOf(open.conversationId) : -1;
  const shown = at < 0 ? items : [...items.slice(0, at), open!, ...items.slice(at)];
  useEffect(() => {
    places.current = shown.map(({ conversationId }) => conversationId);
  });
  return shown;
}

/** J K walk the conversations, E marks this one read and goes on to the next unread one, / looks for a number. */
function useInboxKeys(
  shown: Contact[],
  chosen: string | undefined,
  pathOf: (conversationId: string) => string,
  list: string,
  search: { current: HTMLInputElement | null },
): void {
  const { route } = useLocation();
  const mayMark = useMay("operator");
  const { mutate } = useMarkRead();
  const at = shown.findIndex(({ conversationId }) => conversationId === chosen);

  function walk(step: number) {
    if (!chosen) return focusNext(step);
    const next = shown[at + step];
    if (next) route(pathOf(next.conversationId));
  }

  function readAndNext() {
    const now = shown[at];
    if (now && mayMark && now.unreadCount > 0) mutate({ conversationId: now.conversationId, until: now.lastMessage.at });
    const next = [...shown.slice(at + 1), ...shown.slice(0, Math.max(0, at))].find(({ unreadCount }) => unreadCount > 0);
    if (next) route(pathOf(next.conversationId));
    else toast({ text: t`No other conversation is unread` });
  }

  useKeys({
    j: () => walk(1),
    k: () => walk(-1),
    e: readAndNext,
    "/": () => search.current?.focus(),
    ...(chosen && { escape: () => route(list) }),
  });
}

/** Without an open conversation the keys move the focus, and Enter opens what has it. */
function focusNext(step: number): void {
  const items = [...document.querySelectorAll<HTMLElement>(".convs .conv")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  items[Math.min(Math.max(0, at + step), items.length - 1)]?.focus();
}

/** Leads to the conversation with a number, or says that there is none. */
function ByNumber({ number }: { number: string }) {
  const { route } = useLocation();
  const canSend = useMay("operator");
  const found = useConversationWith(number);
  const conversationId = found.data?.conversationId;
  useEffect(() => {
    if (conversationId) route(`/inbox/${conversationId}`, true);
  }, [conversationId]);
  const shown = phoneNumber(number);
  return (
    <section class="thread" aria-label={t`Conversation with ${shown}`}>
      <header class="bar flat">
        <a class="btn quiet icon small only-narrow" href="/inbox" aria-label={t`Back to the inbox`}>
          <Icon name="left" />
        </a>
        <Heading title={shown} className="who-h num" />
      </header>
      <div class="mid">
        <Loaded query={found} rows={3}>
          {(conversation) =>
            conversation === null && (
              <Empty
                icon="inbox"
                title={t`There is no conversation with ${shown}`}
                action={
                  canSend ? (
                    <a class="btn" href={`/send?to=${encodeURIComponent(number)}`}>
                      {t`Send a message`}
                    </a>
                  ) : undefined
                }
              >
                {t`A conversation begins when somebody writes to one of your phones.`}
              </Empty>
            )
          }
        </Loaded>
      </div>
    </section>
  );
}
