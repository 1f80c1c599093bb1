import { plural, t } from "@lingui/core/macro";
import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { useOff } from "../../parts/Offline";
import { drafts } from "../../session/session";
import { count, phoneNumber } from "../../texts/formats";
import { fill, measure, MOST_CHARACTERS } from "../../texts/segments";

interface Props {
  conversationId: string;
  number: string;
  /** The SIM that replies are bound to; undefined where another one may send them. */
  by?: string;
  field: RefObject<HTMLTextAreaElement>;
  onSend: (text: string) => void;
}

/** Where a reply is written. The draft is kept for its conversation; it grows to 8 lines; Ctrl Enter sends. */
export function Composer({ conversationId, number, by, field, onSend }: Props) {
  const [text, write] = useDraft(`reply ${conversationId}`);
  const characters = [...text].length;
  const isOffline = useOff();
  const canSend = text.trim() !== "" && characters <= MOST_CHARACTERS && !isOffline;
  const to = phoneNumber(number);
  useGrowth(field, text);

  function send(event: Event) {
    event.preventDefault();
    if (!canSend) return;
    onSend(text);
    write("");
    field.current?.focus();
  }

  function pressed(event: KeyboardEvent) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
    else if (event.key === "Escape") field.current?.blur();
  }

  return (
    <form class="composer" aria-label={t`Reply`} onSubmit={send}>
      <div class="compose-box">
        <textarea
          ref={field}
          rows={2}
          aria-label={t`Reply to ${to}`}
          aria-describedby="reply-size"
          placeholder={t`Reply`}
          value={text}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={pressed}
        />
        <div class="compose-foot">
          <Sender by={by} />
          <Size text={text} characters={characters} isOffline={isOffline} />
          <button type="submit" class="btn primary small" disabled={!canSend}>
            <Icon name="send" />
            {t`Send`}
            <kbd class="only-wide">{t`Ctrl ↵`}</kbd>
          </button>
        </div>
      </div>
    </form>
  );
}

function Sender({ by }: { by?: string }) {
  return (
    <span class="locked">
      <Icon name={by ? "lock" : "sim"} />
      <span class="cut">{by ?? t`Any SIM that is free`}</span>
    </span>
  );
}

/** What the text takes; or why it can't be sent now. */
function Size({ text, characters, isOffline }: { text: string; characters: number; isOffline: boolean }) {
  const measured = measure(text);
  const { encoding } = measured;
  const segments = measured.parts.length;
  const { used, of } = fill(measured);
  const most = count(MOST_CHARACTERS);
  const written = count(characters);
  const alphabet = encoding === "GSM-7" ? t`GSM-7` : t`Unicode`;
  if (isOffline) return <span class="segs push" id="reply-size">{t`Offline, so it waits here`}</span>;
  if (characters > MOST_CHARACTERS) {
    return <span class="segs push too-long" id="reply-size">{t`${written} of ${most} characters`}</span>;
  }
  return (
    <span class="segs push" id="reply-size">
      <span class="only-wide">{alphabet} · </span>
      {used}/{of} · {plural(segments, { one: "# segment", other: "# segments" })}
    </span>
  );
}

/** A text that is kept while the page shows something else, and over a new sign-in. */
function useDraft(place: string): [string, (text: string) => void] {
  const [text, set] = useState(drafts.get(place) ?? "");
  return [
    text,
    (written) => {
      if (written) drafts.set(place, written);
      else drafts.delete(place);
      set(written);
    },
  ];
}

/** The field is as high as its text, within what the style sheet allows. */
function useGrowth(field: RefObject<HTMLTextAreaElement>, text: string): void {
  useLayoutEffect(() => {
    const area = field.current!;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text]);
}
