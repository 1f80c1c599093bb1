import { Fragment } from "preact";

/** A sentence of the document: what stands in backticks is code. The document is in English, whatever the page speaks. */
export function Prose({ text }: { text: string }) {
  return (
    <span lang="en">
      {text.split("`").map((piece, at) => (
        <Fragment key={at}>{at % 2 ? <code>{piece}</code> : piece}</Fragment>
      ))}
    </span>
  );
}
