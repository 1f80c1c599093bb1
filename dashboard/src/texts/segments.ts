/**
 * How many SMS segments a text takes, as the server counts it (3GPP TS 23.038 and 23.040): 160 septets in one segment
 * or 153 in each of several; where a character is outside the GSM alphabet, 70 or 67 UTF-16 units.
 */
export type Encoding = "GSM-7" | "UCS-2";

export interface Measure {
  encoding: Encoding;
  /** The text of each segment; put together they are the text. */
  parts: string[];
  /** Units that the last segment holds, of those that it can hold. */
  used: number;
  capacity: number;
}

/** Characters (Unicode code points) that a message may have. */
export const MOST_CHARACTERS = 1_600;

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");

export function isGsm(character: string): boolean {
  return BASIC.has(character) || EXTENDED.has(character);
}

/** How a text is cut. Neither an escape sequence nor a surrogate pair is split. An empty text is one empty segment. */
export function measure(text: string): Measure {
  const characters = [...text];
  if (characters.every(isGsm)) return pack("GSM-7", characters, (one) => (EXTENDED.has(one) ? 2 : 1), 160, 153);
  return pack("UCS-2", characters, (one) => one.length, 70, 67);
}

function pack(encoding: Encoding, characters: string[], sizeOf: (one: string) => number, single: number, part: number): Measure {
  const parts = [""];
  let used = 0;
  let total = 0;
  for (const one of characters) {
    const size = sizeOf(one);
    total += size;
    if (used + size > part) {
      parts.push("");
      used = 0;
    }
    parts[parts.length - 1] += one;
    used += size;
  }
  if (total <= single) return { encoding, parts: [characters.join("")], used: total, capacity: single };
  return { encoding, parts, used, capacity: part };
}

/** Units of all segments, and what they could hold: what a counter shows. */
export function fill({ parts, used, capacity }: Measure): { used: number; of: number } {
  return { used: (parts.length - 1) * capacity + used, of: parts.length * capacity };
}
