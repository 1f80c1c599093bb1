import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { Dialog } from "../../parts/Dialog";
import { Icon } from "../../parts/Icon";
import { type Choice, Menu } from "../../parts/Menu";
import { useMay } from "../../session/role";
import { Heading } from "../../shell/Page";
import { useUnread } from "../../shell/unread";
import { phoneNumber } from "../../texts/formats";
import { About, type ContactAct } from "./About";
import { isReplyable } from "./Answer";
import type { Conversation, Message } from "./queries";

/** Whom the conversation is with, and what can be done; on a phone also the way back and the SIM that answers. */
export function ThreadBar({
  conversation,
  back,
  by,
  onOpen,
}: {
  conversation: Conversation | undefined;
  back: string;
  by?: string;
  onOpen: (act: ContactAct | "about") => void;
}) {
  const unread = useUnread();
  const choices = useChoices(conversation, onOpen);
  const name = conversation && (conversation.contactName ?? phoneNumber(conversation.number));
  return (
    <header class="bar flat">
      <a class="btn quiet icon small only-narrow" href={back} aria-label={t`Back to the inbox`}>
        <Icon name="left" />
      </a>
      <div class="cut">
        <Heading key={name} title={name ?? t`Inbox`} unread={unread} className="who-h cut" />
        {by && <p class="faint meta only-narrow cut">{t`Replies by ${by}`}</p>}
      </div>
      <div class="push row">
        {conversation && (
          <Menu label={t`Actions for this conversation`} choices={choices}>
            <Icon name="dots" />
          </Menu>
        )}
      </div>
    </header>
  );
}

function useChoices(conversation: Conversation | undefined, onOpen: (act: ContactAct | "about") => void): (Choice | null)[] {
  const { route } = useLocation();
  const mayChange = useMay("operator");
  const isOwner = useMay("owner");
  if (!conversation) return [];
  const { number, optedOut } = conversation;
  const isNumber = isReplyable(number);
  const all: (Choice | null | false)[] = [
    { icon: "info", label: t`About this contact`, act: () => onOpen("about") },
    isNumber && {
      icon: "messages",
      label: t`All messages to this number`,
      act: () => route(`/messages?number=${encodeURIComponent(number)}`),
    },
    mayChange &&
      isNumber &&
      (optedOut
        ? { icon: "okc", label: t`Opt this number in`, act: () => onOpen("optIn") }
        : { icon: "optout", label: t`Opt this number out`, act: () => onOpen("optOut") }),
    isOwner && { icon: "erase", label: t`Erase its messages`, danger: true, act: () => onOpen("erase") },
  ];
  return all.filter((choice) => choice !== false);
}

/** The contact pane, where there is no room for it beside the thread. */
export function AboutSheet({
  conversation,
  lastIn,
  onAct,
  onClose,
}: {
  conversation: Conversation;
  lastIn?: Message;
  onAct: (act: ContactAct) => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={t`About this contact`} onClose={onClose}>
      <div class="in about-sheet">
        <About conversation={conversation} lastIn={lastIn} onAct={onAct} />
      </div>
    </Dialog>
  );
}
