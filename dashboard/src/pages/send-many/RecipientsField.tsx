import { plural, t } from "@lingui/core/macro";
import { useId, useRef, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { shown } from "../../texts/variables";
import { type Sheet, textOf } from "./rows";

const LARGEST = 4_000_000;
const EXAMPLE = "number,name,amount\n0712 345 678,Asha,1500\n0722 345 678,Peter,2000";

/** Who gets it: typed, pasted, or read from a file. */
export function RecipientsField({ text, sheet, error, onWrite }: { text: string; sheet: Sheet; error: string | undefined; onWrite: (text: string) => void }) {
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const [isTooLarge, tooLarge] = useState(false);
  const wrong = error ?? (isTooLarge ? t`This file is too large. A thousand rows are far less than 4 MB.` : undefined);

  async function take(files: FileList | null) {
    const chosen = files?.[0];
    if (!chosen) return;
    tooLarge(chosen.size > LARGEST);
    if (chosen.size <= LARGEST) onWrite(await textOf(chosen));
    // The same file may be chosen once more, after it was changed.
    if (file.current) file.current.value = "";
  }

  return (
    <div class="field">
      <div class="row wide">
        <label class="label" for={id}>{t`Recipients`}</label>
        <button type="button" class="btn small push" onClick={() => file.current!.click()}>
          <Icon name="upload" />
          {t`Take from a CSV file`}
        </button>
        <input ref={file} class="unseen" type="file" hidden accept=".csv,.txt,.tsv,text/csv,text/plain" onChange={(event) => void take(event.currentTarget.files)} />
      </div>
      <textarea
        id={id}
        class="input area mono sheet"
        rows={7}
        spellcheck={false}
        autocomplete="off"
        wrap="off"
        placeholder={EXAMPLE}
        aria-describedby={`${id}-hint`}
        aria-invalid={wrong !== undefined}
        value={text}
        onInput={(event) => {
          tooLarge(false);
          onWrite(event.currentTarget.value);
        }}
      />
      <p class={wrong ? "hint bad" : "hint"} id={`${id}-hint`} role="status">
        {wrong ?? saidOf(sheet)}
      </p>
    </div>
  );
}

function saidOf({ rows, columns }: Sheet): string {
  if (!rows.length) return t`A number a line. With names on top, more columns give each message its own words.`;
  const recipients = plural(rows.length, { one: "# recipient", other: "# recipients" });
  const named = columns.map(shown).join(", ");
  return named ? t`${recipients}, with ${named}` : recipients;
}
