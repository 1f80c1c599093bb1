/** Private characters around what stands out, so that a sentence goes through the catalogs as a whole. */
const [BEGIN, END] = ["\ue000", "\ue001"];

/** Makes a part of a sentence stand out where `Rich` shows it. */
export function out(part: string): string {
  return BEGIN + part + END;
}

/** A sentence, some of whose parts stand out. */
export function Rich({ text, className }: { text: string; className: string }) {
  return (
    <>
      {text.split(BEGIN).map((piece, at) => {
        if (at === 0) return piece;
        const [marked, rest] = piece.split(END);
        return (
          <>
            <span class={className}>{marked}</span>
            {rest}
          </>
        );
      })}
    </>
  );
}
