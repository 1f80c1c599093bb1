import { signal } from "@preact/signals";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const CHOSEN = "smskit.theme";

export const theme = signal<Theme>(read());

function read(): Theme {
  const kept = localStorage.getItem(CHOSEN);
  return THEMES.includes(kept as Theme) ? (kept as Theme) : "system";
}

/** Show the page in this theme from now on, on this machine. */
export function wear(wanted: Theme): void {
  theme.value = wanted;
  localStorage.setItem(CHOSEN, wanted);
  show();
}

export function show(): void {
  if (theme.value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}
