import { useState } from "preact/hooks";
import type { Schemas } from "../../api/queries";
import type { Template } from "../../api/templates";
import { drafts } from "../../session/session";
import { MOST_CHARACTERS } from "../../texts/segments";
import { filled, namesOf, type Values, valueOf } from "../../texts/variables";

type Request = Schemas["SendRequest"];

/** What the form holds, as it is typed and chosen. */
export interface Fields {
  to: string;
  text: string;
  /** What it is made of, in place of `text`. */
  template: Template | undefined;
  /** What stands for the variables of the template. */
  values: Values;
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

/** What is wrong, by field; a value by its variable. */
export type Errors = Partial<Record<Exclude<keyof Fields, "values">, string>> & { values?: Record<string, string> };

const PLACE = "send";
export const EMPTY: Fields = { to: "", text: "", template: undefined, values: {}, priority: 0, isExact: false, by: "", at: undefined, validity: undefined, reference: "" };

/** The form's fields; what the address names stands in them at first. They are kept while the page shows something else. */
export function useFields(asked: { to?: string; text?: string }): [Fields, (change: Partial<Fields>) => void] {
  const [fields, set] = useState<Fields>(() => ({ ...kept(), ...(asked.to && { to: asked.to }), ...(asked.text && { text: asked.text }) }));
  return [
    fields,
    (change) => {
      const next = { ...fields, ...change };
      if (next.to || wordsOf(next)) drafts.set(PLACE, JSON.stringify(next));
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
  const { text, template, values, priority, at, validity, reference } = fields;
  const devices = devicesOf(fields.by);
  return {
    recipient: number,
    ...(template ? { templateId: template.templateId, variables: valuesOf(template, values) } : { message: text }),
    priority,
    ...(devices && { devices }),
    ...(at && { sendAt: new Date(at).toISOString() }),
    ...(validity && { validitySeconds: validity }),
    ...(reference.trim() && { clientReference: reference.trim() }),
  };
}

/** What the message says: as it is written, or the template with its values. */
export function wordsOf({ text, template, values }: Fields): string {
  return template ? filled(template.message, values) : text;
}

/** The values that the template has a place for. */
function valuesOf(template: Template, values: Values): Values {
  return Object.fromEntries(namesOf(template.message).map((name) => [name, valueOf(values, name) ?? ""]));
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
