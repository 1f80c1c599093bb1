import { useState } from "preact/hooks";
import type { Schemas } from "../../api/queries";
import { drafts } from "../../session/session";
import { MOST_CHARACTERS } from "../../texts/segments";

type Request = Schemas["SendRequest"];

/** What the form holds, as it is typed and chosen. */
export interface Fields {
  to: string;
  text: string;
  priority: number;
  /** Whether the priority is chosen as a number. */
  isExact: boolean;
  /** A phone, or `phone/slot` for one of its SIMs; empty for any that is free. */
  by: string;
  /** When it goes out, milliseconds; undefined is at once, NaN no time yet. */
  at: number | undefined;
  /** Seconds; undefined for the account's default. */
  validity: number | undefined;
  reference: string;
}

export type Errors = Partial<Record<keyof Fields, string>>;

const PLACE = "send";
export const EMPTY: Fields = { to: "", text: "", priority: 0, isExact: false, by: "", at: undefined, validity: undefined, reference: "" };

/** The form's fields; what the address names stands in them at first. They are kept while the page shows something else. */
export function useFields(asked: { to?: string; text?: string }): [Fields, (change: Partial<Fields>) => void] {
  const [fields, set] = useState<Fields>(() => ({ ...kept(), ...(asked.to && { to: asked.to }), ...(asked.text && { text: asked.text }) }));
  return [
    fields,
    (change) => {
      const next = { ...fields, ...change };
      if (next.to || next.text) drafts.set(PLACE, JSON.stringify(next));
      else drafts.delete(PLACE);
      set(next);
    },
  ];
}

function kept(): Fields {
  const draft = drafts.get(PLACE);
  return draft ? { ...EMPTY, ...(JSON.parse(draft) as Partial<Fields>) } : EMPTY;
}

/** What the API is asked to send. `number`: the recipient in E.164, where it is known. */
export function requestOf(fields: Fields, number = fields.to.trim()): Request {
  const { text, priority, at, validity, reference } = fields;
  const devices = devicesOf(fields.by);
  return {
    recipient: number,
    message: text,
    priority,
    ...(devices && { devices }),
    ...(at && { sendAt: new Date(at).toISOString() }),
    ...(validity && { validitySeconds: validity }),
    ...(reference.trim() && { clientReference: reference.trim() }),
  };
}

export function devicesOf(by: string): Request["devices"] | undefined {
  if (!by) return undefined;
  const [deviceId = "", slot] = by.split("/");
  return [slot === undefined ? { deviceId } : { deviceId, simSlot: Number(slot) }];
}

/** At most so many characters, none of them cut in two. */
export function atMost(text: string, most = MOST_CHARACTERS): string {
  return text.length <= most ? text : [...text].slice(0, most).join("");
}
