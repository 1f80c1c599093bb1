import { plural, t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useMe, usePhones, useWebhooks } from "../api/queries";
import { Icon } from "../parts/Icon";
import { useMay } from "../session/role";
import { Mark } from "./Mark";
import { PersonMenu } from "./PersonMenu";
import { openPalette } from "./palette";
import { ACCOUNT, CONNECT, DAILY, isAt, type Place, SENDING } from "./places";
import { useUnread } from "./unread";

export function SideBar() {
  const { data: me } = useMe();
  return (
    <aside class="side">
      <div class="acct">
        <Mark />
        <span class="cut strong">{me?.accountName}</span>
      </div>
      <button type="button" class="jump" aria-keyshortcuts="Control+K" onClick={openPalette}>
        <Icon name="search" />
        {t`Search or jump to…`}
        <kbd class="push">{t`Ctrl K`}</kbd>
      </button>
      <nav class="nav" aria-label={t`Main`}>
        <Links places={DAILY} />
        <h2>{t`Sending`}</h2>
        <Links places={SENDING} />
        <h2>{t`Connect`}</h2>
        <Links places={CONNECT} />
        <h2>{t`Account`}</h2>
        <Links places={ACCOUNT} />
      </nav>
      <PersonMenu />
    </aside>
  );
}

export function Links({ places }: { places: Place[] }) {
  const { path } = useLocation();
  const isOperator = useMay("operator");
  const isOwner = useMay("owner");
  const shown = places.filter(({ least }) => !least || (least === "owner" ? isOwner : isOperator));
  return (
    <>
      {shown.map((place) => (
        <a key={place.path} href={place.path} aria-current={isAt(place, path) ? "page" : undefined}>
          <Icon name={place.icon} />
          {place.name()}
          <PlaceState path={place.path} />
        </a>
      ))}
    </>
  );
}

/** What of a place somebody should look at: a count, or a dot with its words. */
export function PlaceState({ path }: { path: string }) {
  if (path === "/inbox") return <Unread />;
  if (path === "/phones") return <OfflinePhones />;
  if (path === "/webhooks") return <SuspendedWebhooks />;
  return null;
}

function Unread() {
  const unread = useUnread();
  if (!unread) return null;
  return (
    <span class="count push" role="img" aria-label={plural(unread, { one: "# unread", other: "# unread" })}>
      {unread > 99 ? "99+" : unread}
    </span>
  );
}

function OfflinePhones() {
  const { data = [] } = usePhones();
  const away = data.filter((phone) => phone.isEnabled && phone.status === "Offline").length;
  return away ? <Dot tone="off" said={plural(away, { one: ", # offline", other: ", # offline" })} /> : null;
}

function SuspendedWebhooks() {
  const { data = [] } = useWebhooks();
  const held = data.filter((webhook) => webhook.status === "Suspended").length;
  return held ? <Dot tone="bad" said={plural(held, { one: ", # suspended", other: ", # suspended" })} /> : null;
}

function Dot({ tone, said }: { tone: string; said: string }) {
  return (
    <>
      <span class={`dot ${tone} push`} />
      <span class="sr">{said}</span>
    </>
  );
}
