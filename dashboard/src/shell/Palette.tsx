import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { usePhones } from "../api/queries";
import { Icon, type IconName } from "../parts/Icon";
import { useMay } from "../session/role";
import { closePalette, isPaletteOpen } from "./palette";
import { PLACES } from "./places";

interface Target {
  icon: IconName;
  label: string;
  path: string;
}

/** Ids that lead straight to a thing, by how they begin. */
const IDS: [RegExp, (id: string) => string, IconName][] = [
  [/^job_[0-9A-Z]+$/i, (id) => `/messages/${id}`, "messages"],
  [/^bat_[0-9A-Z]+$/i, (id) => `/batches/${id}`, "batches"],
  [/^whk_[0-9A-Z]+$/i, (id) => `/webhooks/${id}`, "webhook"],
  [/^dvc_[0-9A-Z]+$/i, (id) => `/phones/${id}`, "phone"],
  [/^cnv_[0-9A-Z]+$/i, (id) => `/inbox/${id}`, "inbox"],
  [/^cli_[0-9A-Z]+$/i, (id) => `/clients/${id}`, "key"],
];
const NUMBER = /^\+?[\d\s().-]{7,20}$/;
const MOST = 8;

export function Palette() {
  return isPaletteOpen.value ? <Box /> : null;
}

/** Search or jump: pages, phones, numbers, ids and actions (APG combobox with a list). */
function Box() {
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useId();
  const { route } = useLocation();
  const [typed, type] = useState("");
  const [at, move] = useState(0);
  const targets = useTargets(typed.trim());
  useEffect(() => {
    const shown = dialog.current!;
    const opener = document.activeElement as HTMLElement | null;
    shown.showModal();
    return () => {
      shown.close();
      opener?.focus();
    };
  }, []);

  function go(target: Target | undefined) {
    if (!target) return;
    closePalette();
    route(target.path);
  }

  function pressed(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      move((at + step + targets.length) % Math.max(1, targets.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      go(targets[at]);
    }
  }

  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label={t`Search or jump`}
      onCancel={closePalette}
      onClick={(event) => event.target === dialog.current && closePalette()}
    >
      <div class="find">
        <Icon name="search" />
        <input
          type="search"
          role="combobox"
          aria-expanded="true"
          aria-controls={list}
          aria-activedescendant={targets[at] ? `${list}-${at}` : undefined}
          aria-label={t`A number, an id, a page, a phone`}
          placeholder={t`A number, an id, a page, a phone`}
          autocomplete="off"
          value={typed}
          onInput={(event) => {
            type(event.currentTarget.value);
            move(0);
          }}
          onKeyDown={pressed}
        />
        <kbd>Esc</kbd>
      </div>
      <ul id={list} role="listbox" aria-label={t`Where to`}>
        {targets.map((target, index) => (
          <li
            key={target.path + target.label}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseMove={() => move(index)}
            onClick={() => go(target)}
          >
            <Icon name={target.icon} />
            <span class="cut">{target.label}</span>
          </li>
        ))}
      </ul>
      {targets.length === 0 && <p class="pad soft" role="status">{t`Nothing by this name`}</p>}
    </dialog>
  );
}

function useTargets(typed: string): Target[] {
  const { data: phones = [] } = usePhones();
  const isOperator = useMay("operator");
  const isOwner = useMay("owner");
  const id = IDS.find(([shape]) => shape.test(typed));
  if (id) return [{ icon: id[2], label: typed, path: id[1](typed) }];
  const found: Target[] = [];
  if (NUMBER.test(typed)) {
    const number = encodeURIComponent(typed.replace(/[\s().-]/g, ""));
    found.push({ icon: "inbox", label: t`Conversation with ${typed}`, path: `/inbox?number=${number}` });
    found.push({ icon: "messages", label: t`Messages to ${typed}`, path: `/messages?number=${number}` });
    found.push({ icon: "optout", label: t`Opt-out of ${typed}`, path: `/opt-outs?number=${number}` });
  }
  const may = { owner: isOwner, operator: isOperator, viewer: true };
  const places = PLACES.filter((place) => may[place.least ?? "viewer"]).map((place) => ({
    icon: place.icon,
    label: place.name(),
    path: place.path,
  }));
  const actions: Target[] = isOperator
    ? [
        { icon: "phone", label: t`Pair a phone`, path: "/phones?pair=1" },
        { icon: "pen", label: t`New message`, path: "/send" },
        { icon: "batches", label: t`Send to many`, path: "/send/many" },
      ]
    : [];
  const named = phones.map((phone) => ({ icon: "phone" as const, label: phone.name, path: `/phones/${phone.deviceId}` }));
  const wanted = typed.toLowerCase();
  return [...found, ...[...places, ...actions, ...named].filter(({ label }) => label.toLowerCase().includes(wanted))].slice(0, MOST);
}
