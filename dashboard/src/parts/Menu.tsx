import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon, type IconName } from "./Icon";

export interface Choice {
  label: string;
  icon?: IconName;
  danger?: boolean;
  /** Whether it is the one that holds now, for a choice among several. */
  isOn?: boolean;
  act: () => void;
}

/** A button with a menu (APG menu button): arrows walk it, Esc closes it. A list in `choices` stands behind a line. */
export function Menu({
  label,
  choices,
  className = "btn quiet icon",
  children,
}: {
  label?: string;
  choices: (Choice | null)[];
  className?: string;
  children: ComponentChildren;
}) {
  const id = useId();
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  function walk(event: KeyboardEvent) {
    const items = [...menu.current!.querySelectorAll<HTMLElement>("[role^=menuitem]")];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[(next + items.length) % items.length]!.focus();
  }

  function toggled(event: ToggleEvent) {
    button.current!.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState !== "open") return;
    place(menu.current!, button.current!);
    menu.current!.querySelector<HTMLElement>("[role^=menuitem]")?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={className}
        aria-haspopup="menu"
        aria-expanded="false"
        aria-label={label}
        popoverTarget={id}
      >
        {children}
      </button>
      <div ref={menu} id={id} popover="auto" class="menu" role="menu" aria-label={label} onKeyDown={walk} onToggle={toggled}>
        {choices.map((choice, at) =>
          choice === null ? (
            <hr key={at} />
          ) : (
            <button
              key={at}
              type="button"
              role={choice.isOn === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={choice.isOn}
              tabIndex={-1}
              class={choice.danger ? "danger" : undefined}
              onClick={() => {
                menu.current!.hidePopover();
                choice.act();
              }}
            >
              {choice.icon && <Icon name={choice.icon} />}
              {choice.label}
              {choice.isOn && (
                <span class="push">
                  <Icon name="check" />
                </span>
              )}
            </button>
          ),
        )}
      </div>
    </>
  );
}

/** Put a popover below what opened it, or above where there is no room; inside the window in any case. */
export function place(popover: HTMLElement, opener: HTMLElement): void {
  const from = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = from.bottom + 4;
  const top = below + height > innerHeight - 8 ? Math.max(8, from.top - height - 4) : below;
  const left = Math.min(Math.max(8, from.left + width > innerWidth - 8 ? from.right - width : from.left), innerWidth - width - 8);
  popover.style.top = `${top}px`;
  popover.style.left = `${left}px`;
}
