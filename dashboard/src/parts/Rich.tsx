import type { ComponentChildren } from "preact";
import { Fragment } from "preact";

/** Private characters that mark a part of a sentence; what a stranger wrote has none of them. */
const OPEN = "\uE000";
const CLOSE = "\uE001";
const EITHER = /[\uE000\uE001]/;

/** The marks around the words of a sentence that become an element: `t\`… ${open}these words${close} …\``. */
export function marks(at: number): [open: string, close: string] {
  return [OPEN + at, CLOSE];
}

/** A value that becomes an element where it stands in a sentence. */
export function slot(at: number, value: string): string {
  return OPEN + at + value.split(EITHER).join("") + CLOSE;
}

/** A sentence, whole for who translates it, whose marked parts are elements. */
export function Rich({ text, parts }: { text: string; parts: ((said: string) => ComponentChildren)[] }) {
  return (
    <>
      {text.split(EITHER).map((piece, at) => (
        <Fragment key={at}>{at % 2 ? parts[Number(piece[0])]!(piece.slice(1)) : piece}</Fragment>
      ))}
    </>
  );
}
