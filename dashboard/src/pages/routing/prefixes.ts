/** What is written of several prefixes at once: with commas or lines between them, or before each a plus. */
export function pieces(typed: string): string[] {
  return typed
    .split(/[,;\n]|\s+(?=\+)/)
    .map((piece) => piece.trim())
    .filter(Boolean);
}

/** How numbers in E.164 begin, of what people write: `+25471` of `00254 71`; nothing where it can't be that. */
export function prefixOf(piece: string): string | undefined {
  const bare = piece.replace(/[\s().-]/g, "").replace(/^00/, "+");
  return /^\+[1-9][0-9]{0,14}$/.test(bare) ? bare : undefined;
}

/** The prefixes in what is written, and what of it is none. */
export function read(typed: string): { prefixes: string[]; rest: string } {
  const found = pieces(typed).map((piece) => [piece, prefixOf(piece)] as const);
  return {
    prefixes: found.flatMap(([, prefix]) => (prefix ? [prefix] : [])),
    rest: found.flatMap(([piece, prefix]) => (prefix ? [] : [piece])).join(", "),
  };
}
