import { i18n, type Messages } from "@lingui/core";
import { signal } from "@preact/signals";

export const LANGUAGES = { en: "English", sw: "Kiswahili" } as const;
export type Language = keyof typeof LANGUAGES;

const CHOSEN = "smskit.language";
const catalogs: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => import("./en"),
  sw: () => import("./sw"),
};

/** The language that is shown; who reads it in a component is drawn anew when it changes. */
export const language = signal<Language>("en");

function preferred(): Language {
  const wanted = localStorage.getItem(CHOSEN) ?? navigator.language.slice(0, 2);
  return wanted in LANGUAGES ? (wanted as Language) : "en";
}

export async function speak(wanted: Language = preferred()): Promise<void> {
  const { messages } = await catalogs[wanted]();
  i18n.loadAndActivate({ locale: wanted, messages });
  document.documentElement.lang = wanted;
  language.value = wanted;
}

/** Speak this language from now on, on this machine. */
export async function choose(wanted: Language): Promise<void> {
  localStorage.setItem(CHOSEN, wanted);
  await speak(wanted);
}
