import { t } from "@lingui/core/macro";
import { useId, useRef, useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Icon } from "../../parts/Icon";
import { type Saved, useDraft, useSave } from "./draft";
import { Section } from "./Section";

const LONGEST_WORD = 32;
type List = "stopWords" | "startWords" | "helpWords";

/** Words that count as STOP, START and HELP besides those that always do. */
export function Words({ saved, canChange }: { saved: Saved; canChange: boolean }) {
  const { stopWords, startWords, helpWords } = saved;
  const draft = useDraft({ stopWords, startWords, helpWords });
  const save = useSave(draft.reset);
  const lists: [List, string][] = [
    ["stopWords", t`Words that opt out`],
    ["startWords", t`Words that opt in`],
    ["helpWords", t`Words that ask for help`],
  ];
  return (
    <Section
      title={t`Words of your own`}
      says={t`STOP, UNSUBSCRIBE, START, HELP and their like always count. Add what your recipients write, such as TOKA or ACHA; upper and lower case are the same.`}
      canChange={canChange}
      values={lists.map(([list, name]) => [name, saved[list].length ? <Shown words={saved[list]} /> : <span class="faint">{t`None`}</span>])}
      draft={draft}
      save={save}
      onSave={() => save.mutate(draft.value)}
    >
      {lists.map(([list, name]) => (
        <WordList
          key={list}
          name={name}
          words={draft.value[list]}
          error={fieldError(save.error, list)}
          onChange={(words) => draft.change({ [list]: words })}
        />
      ))}
    </Section>
  );
}

function Shown({ words }: { words: string[] }) {
  return (
    <span class="tags">
      {words.map((word) => (
        <bdi key={word} class="tag">
          {word}
        </bdi>
      ))}
    </span>
  );
}

/** A list that grows by a word at a time; Enter and comma add the one that is written. */
function WordList({ name, words, error, onChange }: { name: string; words: string[]; error?: string; onChange: (words: string[]) => void }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [typed, type] = useState("");

  function add() {
    const word = typed.trim();
    if (word && !words.some((one) => one.toLowerCase() === word.toLowerCase())) onChange([...words, word]);
    type("");
  }

  return (
    <div class="field">
      <label for={id}>{name}</label>
      {words.length > 0 && (
        <ul class="tags">
          {words.map((word) => (
            <li key={word} class="tag">
              <bdi>{word}</bdi>
              <button
                type="button"
                class="drop"
                aria-label={t`Remove ${word}`}
                onClick={() => {
                  onChange(words.filter((one) => one !== word));
                  input.current?.focus();
                }}
              >
                <Icon name="x" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="row">
        <input
          ref={input}
          id={id}
          class="input word"
          maxLength={LONGEST_WORD}
          aria-invalid={Boolean(error)}
          aria-describedby={`${id}-hint`}
          value={typed}
          onInput={(event) => type(event.currentTarget.value)}
          onBlur={add}
          onKeyDown={(event) => {
            if ((event.key !== "Enter" && event.key !== ",") || !typed.trim()) return;
            event.preventDefault();
            add();
          }}
        />
        <button type="button" class="btn" onClick={add}>
          {t`Add`}
        </button>
      </div>
      {error && (
        <p class="hint bad" id={`${id}-hint`}>
          {error}
        </p>
      )}
    </div>
  );
}
