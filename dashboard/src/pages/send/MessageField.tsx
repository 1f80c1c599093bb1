import { plural, t } from "@lingui/core/macro";
import { useId, useRef } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { Rich, slot } from "../../parts/Rich";
import { isGsm, measure } from "../../texts/segments";
import { Counter } from "./Counter";
import type { Preview } from "./preview";
import type { FieldProps } from "./SendForm";

const MOST_NAMED = 5;

export function MessageField({ fields, preview, error, onChange }: FieldProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const measured = measure(fields.text);
  return (
    <div class="field">
      <label for={id}>{t`Message`}</label>
      <textarea
        ref={area}
        id={id}
        class="input area"
        rows={5}
        aria-describedby={`${id}-size`}
        aria-invalid={error !== undefined}
        value={fields.text}
        onInput={(event) => onChange({ text: event.currentTarget.value })}
      />
      <div id={`${id}-size`}>
        <Counter measured={measured} />
        {error && <p class="hint bad">{error}</p>}
      </div>
      {measured.encoding === "UCS-2" && (
        <Fix
          text={fields.text}
          characters={preview?.message?.characters ?? []}
          onReplace={(text) => {
            onChange({ text });
            // The button goes, and what has the focus must stay.
            area.current?.focus();
          }}
        />
      )}
    </div>
  );
}

type Characters = NonNullable<Preview["message"]>["characters"];

/** Which characters make the text Unicode, and one button that replaces them where plain ones say the same. */
function Fix({ text, characters, onReplace }: { text: string; characters: Characters; onReplace: (text: string) => void }) {
  const plain = new Map(characters.flatMap(({ character, plain: form }) => (form === undefined ? [] : [[character, form] as const])));
  const outside = [...new Set(text)].filter((one) => !isGsm(one));
  const replaced = [...text].map((one) => plain.get(one) ?? one).join("");
  const after = measure(replaced);
  const canReplace = after.encoding === "GSM-7";
  const kinds = outside.length;
  const shown = outside
    .slice(0, MOST_NAMED)
    .map((one) => slot(0, named(one)))
    .join(", ");
  const why = plural(kinds, { one: `One character, ${shown}, makes this Unicode.`, other: `# characters, ${shown}, make this Unicode.` });
  const segments = after.parts.length;
  const then = canReplace
    ? plural(segments, { one: "With plain characters it fits in # segment.", other: "With plain characters it fits in # segments." })
    : t`A segment then holds 70 characters, not 160.`;
  return (
    <div class="fix" role="status">
      <Icon name="info" />
      <span>
        <Rich text={why} parts={[(said) => <mark>{said}</mark>]} /> {then}
      </span>
      {canReplace && (
        <button type="button" class="btn small push" onClick={() => onReplace(replaced)}>
          {kinds === 1 ? t`Replace it` : t`Replace them`}
        </button>
      )}
    </div>
  );
}

/** A character as it can be seen: those that show nothing by their name or number. */
function named(character: string): string {
  if (character === "\u00a0") return t`no-break space`;
  if (character === "\t") return t`tab`;
  if (!/[\p{Z}\p{C}]/u.test(character)) return character;
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}
