import { i18n, type Messages } from "@lingui/core";
import { signal } from "@preact/signals";

export const LANGUAGES = { en: "English", sw: "Kiswahili" } as const;
export type Language = keyof typeof LANGUAGES;

const CHOSEN = "smskit.language";
type Catalogs = Record<Language, () => Promise<{ messages: Messages }>>;
const first: Catalogs = { en: () => import("./en"), sw: () => import("./sw") };
const others: Catalogs = { en: () => import("./more/en"), sw: () => import("./more/sw") };
let wantsMore = false;

/** The language that is shown; who reads it in a component is drawn anew when it changes. */
export const language = signal<Language>("en");

function preferred(): Language {
  const wanted = localStorage.getItem(CHOSEN) ?? navigator.language.slice(0, 2);
  return wanted in LANGUAGES ? (wanted as Language) : "en";
}

export async function speak(wanted: Language = preferred()): Promise<void> {
  const [{ messages }, more] = await Promise.all([first[wanted](), wantsMore ? others[wanted]() : undefined]);
  i18n.loadAndActivate({ locale: wanted, messages: { ...messages, ...more?.messages } });
  document.documentElement.lang = wanted;
  language.value = wanted;
}

/** Speak this language from now on, on this machine. */
export async function choose(wanted: Language): Promise<void> {
  localStorage.setItem(CHOSEN, wanted);
  await speak(wanted);
}

/** A page with the texts that the first visit can do without. */
export async function withTexts<T>(page: Promise<T>): Promise<T> {
  const [loaded, { messages }] = await Promise.all([page, others[language.value]()]);
  wantsMore = true;
  i18n.load(language.value, messages);
  return loaded;
}
