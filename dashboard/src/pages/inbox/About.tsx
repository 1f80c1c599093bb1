import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/preact-query";
import { useState } from "preact/hooks";
import { api, got } from "../../api/client";
import { Problem } from "../../api/problems";
import { type Schemas, usePhones } from "../../api/queries";
import { Icon, type IconName } from "../../parts/Icon";
import { useMay } from "../../session/role";
import { moment, phoneNumber } from "../../texts/formats";
import { isReplyable } from "./Answer";
import { NameContact } from "./NameContact";
import type { Conversation, Message } from "./queries";

/** What can be done about a contact; each opens a dialog of the conversation. */
export type ContactAct = "optOut" | "optIn" | "erase";

interface Props {
  conversation: Conversation;
  lastIn?: Message;
  onAct: (act: ContactAct) => void;
}

/** What is known of whom the conversation is with, and what can be done about it. */
export function About({ conversation, lastIn, onAct }: Props) {
  const { number, owner } = conversation;
  const contact = useContact(number);
  return (
    <>
      <section>
        <Facts conversation={conversation} name={contact?.name} lastIn={lastIn} />
        {contact?.note && <bdi class="contact-note">{contact.note}</bdi>}
      </section>
      {owner && isReplyable(number) && <Owner owner={owner} />}
      <section>
        <Acts conversation={conversation} contact={contact} onAct={onAct} />
      </section>
    </>
  );
}

function Facts({ conversation, name, lastIn }: { conversation: Conversation; name?: string; lastIn?: Message }) {
  const { number, optedOut } = conversation;
  const receives = optedOut ? t`No, it has opted out` : isReplyable(number) ? t`Yes, not opted out` : t`No, it takes no replies`;
  return (
    <dl class="facts">
      {name && (
        <>
          <dt>{t`Name`}</dt>
          <dd>
            <bdi>{name}</bdi>
          </dd>
        </>
      )}
      <dt>{t`Number`}</dt>
      <dd class="num">{phoneNumber(number)}</dd>
      <dt>{t`Receives`}</dt>
      <dd>{receives}</dd>
      {lastIn && (
        <>
          <dt>{t`Last wrote`}</dt>
          <dd>{moment(lastIn.at)}</dd>
        </>
      )}
    </dl>
  );
}

function Acts({ conversation, contact, onAct }: { conversation: Conversation; contact: Schemas["ContactView"] | undefined; onAct: Props["onAct"] }) {
  const { number, optedOut } = conversation;
  const mayChange = useMay("operator");
  const isOwner = useMay("owner");
  const [isNaming, name] = useState(false);
  const isNumber = isReplyable(number);
  return (
    <div class="stack">
      {isNumber && (
        <a class="btn small quiet edge" href={`/messages?number=${encodeURIComponent(number)}`}>
          <Icon name="messages" />
          {t`All messages to this number`}
        </a>
      )}
      {mayChange && (
        <Act icon="pen" label={contact?.name || contact?.note ? t`Change name or note` : t`Add a name or note`} act={() => name(true)} />
      )}
      {mayChange && isNumber && optedOut && <Act icon="okc" label={t`Opt this number in`} act={() => onAct("optIn")} />}
      {mayChange && isNumber && !optedOut && <Act icon="optout" label={t`Opt this number out`} act={() => onAct("optOut")} />}
      {isOwner && <Act icon="erase" label={t`Erase its messages`} isDanger act={() => onAct("erase")} />}
      {isNaming && <NameContact number={number} contact={contact} onClose={() => name(false)} />}
    </div>
  );
}

function Act({ icon, label, isDanger = false, act }: { icon: IconName; label: string; isDanger?: boolean; act: () => void }) {
  return (
    <button type="button" class={isDanger ? "btn small quiet edge danger" : "btn small quiet edge"} onClick={act}>
      <Icon name={icon} />
      {label}
    </button>
  );
}

/** The SIM that replies go out by. */
function Owner({ owner }: { owner: Schemas["OwnerView"] }) {
  const { data: phones } = usePhones();
  const phone = phones?.find(({ deviceId }) => deviceId === owner.deviceId);
  const sim = phone?.sims.find(({ simSlot }) => simSlot === owner.simSlot);
  if (!phones) return null;
  const slot = owner.simSlot + 1;
  const tone = !phone || !phone.isEnabled ? "none" : phone.status === "Online" ? "" : "off";
  return (
    <section>
      <h3>{t`Replies go out by`}</h3>
      <div class="owner">
        <div class="row">
          <span class={`dot ${tone}`} />
          {phone ? (
            <a class="medium plain cut" href={`/phones/${phone.deviceId}`}>
              {phone.name}
            </a>
          ) : (
            <span class="medium">{t`A phone that was removed`}</span>
          )}
          {tone === "off" && <span class="sr">{t`Offline`}</span>}
        </div>
        <p class="soft small">
          {sim?.carrierName ? `${t`SIM ${slot}`} · ${sim.carrierName}` : t`SIM ${slot}`}
          {sim?.phoneNumber && (
            <>
              <br />
              <span class="num">{phoneNumber(sim.phoneNumber)}</span>
            </>
          )}
        </p>
        <p class="faint small">{sim ? leftOf(sim) : t`The SIM this contact wrote to last.`}</p>
      </div>
    </section>
  );
}

function leftOf({ leftThisHour, hourlyLimit }: Schemas["ConsoleSim"]): string {
  return t`The SIM this contact wrote to last. ${leftThisHour} of ${hourlyLimit} segments left this hour.`;
}

/** The name and the note of a number; undefined while nobody has given it one. */
function useContact(number: string): Schemas["ContactView"] | undefined {
  const { data } = useQuery({
    queryKey: ["contacts", number],
    queryFn: async () => {
      try {
        return await got(api().GET("/console/contacts/{number}", { params: { path: { number } } }));
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: 30_000,
  });
  return data ?? undefined;
}
