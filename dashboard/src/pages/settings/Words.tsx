import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { EntryList } from "../../parts/EntryList";
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

/** A list of words, each once in whatever case. */
function WordList({ name, words, error, onChange }: { name: string; words: string[]; error?: string; onChange: (words: string[]) => void }) {
  const [typed, type] = useState("");

  function add() {
    const word = typed.trim();
    if (word && !words.some((one) => one.toLowerCase() === word.toLowerCase())) onChange([...words, word]);
    type("");
  }

  return (
    <EntryList
      label={name}
      error={error}
      entries={words}
      typed={typed}
      onType={type}
      onAdd={add}
      onRemove={(word) => onChange(words.filter((one) => one !== word))}
      input={{ maxLength: LONGEST_WORD, onBlur: add }}
    />
  );
}
