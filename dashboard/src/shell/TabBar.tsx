import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { useMe } from "../api/queries";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { useMay } from "../session/role";
import { personChoices, roleName } from "./PersonMenu";
import { ACCOUNT, CONNECT, DAILY, isAt, type Place, SENDING } from "./places";
import { Links, PlaceState } from "./SideBar";

const TABS = DAILY.filter(({ path }) => path !== "/send");
const MORE: Place[] = [...SENDING, ...CONNECT, ...ACCOUNT];
/** Pages with a bar of their own at the bottom. */
const FULL = /^\/inbox\/./;

/** The side bar's place on a phone: four tabs, and a sheet with the rest. */
export function TabBar() {
  const { path } = useLocation();
  const [isOpen, open] = useState(false);
  if (FULL.test(path)) return null;
  return (
    <>
      <nav class="tabs-bottom" aria-label={t`Main, short`}>
        {TABS.map((place) => (
          <a key={place.path} href={place.path} aria-current={isAt(place, path) ? "page" : undefined}>
            <Icon name={place.icon} />
            {place.name()}
            <PlaceState path={place.path} />
          </a>
        ))}
        <button type="button" aria-haspopup="dialog" data-on={MORE.some((place) => isAt(place, path)) || undefined} onClick={() => open(true)}>
          <Icon name="dots" />
          {t`More`}
          <PlaceState path="/webhooks" />
        </button>
      </nav>
      {isOpen && <MoreSheet onClose={() => open(false)} />}
    </>
  );
}

function MoreSheet({ onClose }: { onClose: () => void }) {
  const { data: me } = useMe();
  const canSend = useMay("operator");
  return (
    <Dialog title={me?.accountName ?? ""} className="more-sheet" onClose={onClose}>
      <div class="in">
        <p class="small faint">{me && `${me.email} · ${roleName(me.role)}`}</p>
        <nav class="nav" aria-label={t`More`} onClick={onClose}>
          {canSend && <Links places={DAILY.filter(({ path }) => path === "/send")} />}
          <Links places={MORE} />
        </nav>
        <hr class="rule" />
        <div class="menu-list">
          {personChoices().map((choice, at) =>
            choice === null ? (
              <hr key={at} class="rule" />
            ) : (
              <button
                key={at}
                type="button"
                aria-pressed={choice.isOn}
                onClick={() => {
                  onClose();
                  choice.act();
                }}
              >
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
      </div>
    </Dialog>
  );
}
