import { computed, signal } from "@preact/signals";

/** When the API last answered, in milliseconds of the browser's clock; 0 before it first did. */
const answeredAt = signal(0);
const failures = signal(0);
const isOnline = signal(navigator.onLine);

addEventListener("online", () => (isOnline.value = true));
addEventListener("offline", () => (isOnline.value = false));

export type Liveness = { state: "live" | "late" | "off"; since: number };

/** How fresh what is shown can be: live, catching up while answers fail, off without a network. */
export const liveness = computed<Liveness>(() => {
  if (!isOnline.value || failures.value > 3) return { state: "off", since: answeredAt.value };
  return { state: failures.value > 0 ? "late" : "live", since: answeredAt.value };
});

export function answered(): void {
  answeredAt.value = Date.now();
  failures.value = 0;
}

export function failed(): void {
  failures.value += 1;
}
