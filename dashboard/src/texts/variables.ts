/** Texts with variables, as the server reads them: `{name}` stands for a value, `{{` and `}}` for the braces themselves. */
const PARTS = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** Words, or a variable between them by its name. */
export type Part = { words: string } | { name: string };

export interface Text {
  parts: Part[];
  /** A brace that belongs to no variable, or a name that is none. */
  wrong?: string;
}

/** The parts of a text. What is wrong stands among its words as it was written. */
export function read(text: string): Text {
  const parts: Part[] = [];
  let wrong: string | undefined;
  for (const [piece, name] of text.matchAll(PARTS)) {
    const isWrong = name === undefined ? piece === "{" || piece === "}" : !NAME.test(name);
    if (isWrong) wrong ??= piece;
    if (name !== undefined && !isWrong) parts.push({ name });
    else parts.push({ words: piece === "{{" || piece === "}}" ? piece.charAt(0) : piece });
  }
  return { parts, wrong };
}

/** The variables of a text, each once. */
export function namesOf(text: string): string[] {
  return [...new Set(read(text).parts.flatMap((part) => ("name" in part ? [part.name] : [])))];
}

export type Values = Record<string, string>;

/** The text with its values. A variable without one stays as it is written, or becomes `absent`. */
export function filled(text: string, values: Values, absent?: string): string {
  return read(text)
    .parts.map((part) => ("words" in part ? part.words : valueOf(values, part.name) || (absent ?? shown(part.name))))
    .join("");
}

/** What stands for a variable; a column may be called `constructor`. */
export function valueOf(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** `{name}` */
export function shown(name: string): string {
  return `{${name}}`;
}
