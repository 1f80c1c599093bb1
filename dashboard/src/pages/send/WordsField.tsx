import { t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { measure } from "../../texts/segments";
import { read } from "../../texts/variables";
import { Counter } from "./Counter";

/** A text with variables. `counted` is what its segments are counted of. */
export function WordsField({
  text,
  counted,
  hint,
  error,
  onWrite,
}: {
  text: string;
  counted: string;
  hint: ComponentChildren;
  error: string | undefined;
  onWrite: (text: string) => void;
}) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t`Message`}</label>
      <textarea
        id={id}
        class="input area"
        rows={5}
        aria-describedby={`${id}-hint`}
        aria-invalid={error !== undefined}
        value={text}
        onInput={(event) => onWrite(event.currentTarget.value)}
      />
      <div id={`${id}-hint`} class="gap-1">
        <Counter measured={measure(counted)} />
        <p class={error ? "hint bad" : "hint"}>{error ?? hint}</p>
      </div>
    </div>
  );
}

/** What is wrong with a text with variables, if it is. */
export function wordsWrong(text: string): string | undefined {
  const { wrong } = read(text);
  if (wrong === undefined) return undefined;
  if (wrong.length === 1) {
    const twice = wrong.repeat(2);
    return t`A ${wrong} belongs to no variable. For the sign itself write ${twice}`;
  }
  return t`${wrong} is no variable: names have letters, digits and _, and begin with no digit`;
}
