import { t } from "@lingui/core/macro";
import { Copy } from "../../parts/controls";
import { choose, LANGUAGES, type Language, snippet, snippetLanguage, type Request } from "./snippets";

/** A block of code with its name and a button that copies it. */
export function Code({ name, code, choice }: { name: string; code: string; choice?: preact.ComponentChildren }) {
  return (
    <figure class="sample">
      <figcaption>
        {choice ?? <span class="medium">{name}</span>}
        <span class="push">
          <Copy value={code} />
        </span>
      </figcaption>
      <pre tabIndex={0} role="group" aria-label={name}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}

/** A request in the language that was chosen for all of them. */
export function Snippet({ request, summary }: { request: Request; summary: string }) {
  const language = snippetLanguage.value;
  const spoken = LANGUAGES[language];
  return (
    <Code name={t`${summary} in ${spoken}`} code={snippet(request, language)} choice={<LanguageChoice />} />
  );
}

function LanguageChoice() {
  return (
    <select
      class="code-language"
      aria-label={t`Language of the examples`}
      value={snippetLanguage.value}
      onChange={(event) => choose(event.currentTarget.value as Language)}
    >
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <option key={language} value={language}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** The choice above everything, where there is room for all languages side by side. */
export function Languages() {
  return (
    <div class="seg" role="group" aria-label={t`Language of the examples`}>
      {Object.entries(LANGUAGES).map(([language, name]) => (
        <button key={language} type="button" aria-pressed={snippetLanguage.value === language} onClick={() => choose(language as Language)}>
          {name}
        </button>
      ))}
    </div>
  );
}
