import { language } from "./texts";

/** A country's name in the reader's language, by its ISO 3166-1 alpha-2 code. */
export function countryName(code: string): string {
  return new Intl.DisplayNames([language.value], { type: "region" }).of(code) ?? code;
}
