import { t } from "@lingui/core/macro";
import { signal } from "@preact/signals";
import { useLocation } from "preact-iso";
import { useEffect } from "preact/hooks";
import { Switch } from "../parts/controls";
import { Dialog } from "../parts/Dialog";
import { isPaletteOpen, openPalette } from "./palette";
import { PLACES } from "./places";

const SINGLE = "smskit.single-keys";
const GO_MS = 1_500;

/** Whether single letters do something outside fields (WCAG 2.1.4 wants them to be switched off by who needs it). */
export const singleKeys = signal(localStorage.getItem(SINGLE) !== "off");
const isShown = signal(false);

export function openKeys(): void {
  isShown.value = true;
}

type Actions = Partial<Record<string, () => void>>;
const pageActions: Actions[] = [];

/** What single letters do on this page, for as long as it is shown: `j`, `k`, `r`, `e`, `/`, … */
export function useKeys(actions: Actions): void {
  useEffect(() => {
    pageActions.push(actions);
    return () => void pageActions.splice(pageActions.indexOf(actions), 1);
  });
}

/** Listens for every key that belongs to no field. */
export function useShortcuts(): void {
  const { route } = useLocation();
  useEffect(() => {
    let goUntil = 0;
    function pressed(event: KeyboardEvent) {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        return openPalette();
      }
      if (event.ctrlKey || event.metaKey || event.altKey || !singleKeys.value || isTyping(event) || isModal()) return;
      const key = event.key.toLowerCase();
      if (performance.now() < goUntil) {
        goUntil = 0;
        const place = PLACES.find((one) => one.key === key);
        if (place) return void (event.preventDefault(), route(place.path));
      }
      if (key === "g") goUntil = performance.now() + GO_MS;
      else act(key, event, route);
    }
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [route]);
}

function act(key: string, event: KeyboardEvent, route: (path: string) => void): void {
  const own = pageActions.findLast((actions) => key in actions)?.[key];
  const common: Actions = { "?": openKeys, c: () => route("/send") };
  const wanted = own ?? common[key];
  if (!wanted) return;
  event.preventDefault();
  wanted();
}

function isTyping(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  return at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
}

function isModal(): boolean {
  return isPaletteOpen.value || document.querySelector("dialog[open]") !== null;
}

/** The list of keys. */
export function Keys() {
  if (!isShown.value) return null;
  const rows: [string, string][] = [
    [t`Ctrl K`, t`Search or jump`],
    ["G", t`then a letter: go to a page`],
    ["/", t`Search on this page`],
    ["J K", t`Next, previous`],
    [t`Enter`, t`Open`],
    ["Esc", t`Close, back`],
    ["C", t`New message`],
    ["R", t`Reply`],
    ["E", t`Mark read, and go on to the next unread`],
    [t`Ctrl Enter`, t`Send`],
    ["?", t`This list`],
  ];
  return (
    <Dialog title={t`Keyboard`} onClose={() => (isShown.value = false)}>
      <div class="in">
        <dl class="facts">
          {rows.map(([key, said]) => (
            <>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{said}</dd>
            </>
          ))}
          {PLACES.filter((place) => place.key).map((place) => (
            <>
              <dt>
                <kbd>G</kbd> <kbd>{place.key!.toUpperCase()}</kbd>
              </dt>
              <dd>{place.name()}</dd>
            </>
          ))}
        </dl>
        <div class="row">
          <span>{t`Single letters do something`}</span>
          <span class="push">
            <Switch
              label={t`Single letters do something`}
              isOn={singleKeys.value}
              onChange={(isOn) => {
                singleKeys.value = isOn;
                localStorage.setItem(SINGLE, isOn ? "on" : "off");
              }}
            />
          </span>
        </div>
      </div>
    </Dialog>
  );
}
