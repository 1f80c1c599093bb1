import { t } from "@lingui/core/macro";
import { signal } from "@preact/signals";
import { Icon } from "./Icon";

export interface Toast {
  text: string;
  tone?: "ok" | "bad";
  /** What undoes it, or goes on from it. */
  act?: { label: string; do: () => void };
}

const SHOWN_MS = 5_000;
const shown = signal<(Toast & { id: number })[]>([]);
const clocks = new Map<number, ReturnType<typeof setTimeout>>();
let last = 0;

/** Say that something is done. Never the only place of an error. */
export function toast(said: Toast): void {
  const id = (last += 1);
  shown.value = [...shown.value.slice(-2), { ...said, id }];
  start(id);
}

function dismiss(id: number): void {
  clearTimeout(clocks.get(id));
  clocks.delete(id);
  shown.value = shown.value.filter((one) => one.id !== id);
}

function start(id: number): void {
  clearTimeout(clocks.get(id));
  clocks.set(id, setTimeout(() => dismiss(id), SHOWN_MS));
}

/** Where toasts stand. They stay while they are pointed at or focused. */
export function Toasts() {
  return (
    <div class="toasts">
      {shown.value.map(({ id, text, tone = "ok", act }) => (
        <div
          key={id}
          class="toast"
          role={tone === "bad" ? "alert" : "status"}
          onMouseEnter={() => clearTimeout(clocks.get(id))}
          onMouseLeave={() => start(id)}
          onFocusIn={() => clearTimeout(clocks.get(id))}
          onFocusOut={() => start(id)}
        >
          <Icon name={tone === "ok" ? "okc" : "alert"} tone={tone} />
          <span>{text}</span>
          {act && (
            <button
              type="button"
              class="btn small push"
              onClick={() => {
                dismiss(id);
                act.do();
              }}
            >
              {act.label}
            </button>
          )}
          <button type="button" class={`btn quiet icon small${act ? "" : " push"}`} aria-label={t`Dismiss`} onClick={() => dismiss(id)}>
            <Icon name="x" />
          </button>
        </div>
      ))}
    </div>
  );
}
