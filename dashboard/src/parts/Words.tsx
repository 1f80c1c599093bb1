import { read, shown } from "../texts/variables";

/** A text in which its variables are marked. */
export function Words({ text }: { text: string }) {
  return <>{read(text).parts.map((part, at) => ("words" in part ? part.words : <mark key={at} class="place">{shown(part.name)}</mark>))}</>;
}
