import { computed, signal } from "@preact/signals";
import { serverNow } from "./clock";

/** When the API last answered, in milliseconds by its clock; 0 before it first did. */
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
  answeredAt.value = serverNow();
  failures.value = 0;
}

export function failed(): void {
  failures.value += 1;
}
