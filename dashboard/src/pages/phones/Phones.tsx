import { plural, t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { serverNow } from "../../api/clock";
import { usePhones } from "../../api/queries";
import { Empty, Loaded } from "../../parts/Loading";
import { ActionLink, OfflineNote } from "../../parts/Offline";
import { Rich, slot } from "../../parts/Rich";
import { useMay } from "../../session/role";
import { Page } from "../../shell/Page";
import { clock, count } from "../../texts/formats";
import { DayStrip } from "./DayStrip";
import { PairDialog } from "./pairing/PairDialog";
import { PhoneCard } from "./PhoneCard";
import { fleetOf, type Phone, standing, type Standing } from "./phones";
import { PhoneTable } from "./PhoneTable";
import "../../styles/phones.css";

const HOUR_MS = 3_600_000;
/** From so many phones on, rows say it better than cards. */
const MANY = 13;

export default function Phones() {
  const { query, route } = useLocation();
  const phones = usePhones();
  const may = useMay("operator");
  const shown = SHOWN.find((one) => one === query.show);
  return (
    <Page title={t`Phones`} actions={may && <PairButton />}>
      <OfflineNote />
      <Loaded query={phones} rows={4}>
        {(found) => (found.length ? <Fleet phones={found} shown={shown} /> : <None may={may} />)}
      </Loaded>
      {may && query.pair && <PairDialog onTest={() => route("/send")} onClose={() => route("/phones", true)} />}
    </Page>
  );
}

function PairButton() {
  return (
    <ActionLink path="/phones?pair=1" icon="plus">
      {t`Pair a phone`}
    </ActionLink>
  );
}

function None({ may }: { may: boolean }) {
  return (
    <section class="card">
      <Empty icon="phone" title={t`No phone yet`} action={may && <PairButton />}>
        {t`Phones send the messages, over their SIMs. Install the app on an Android phone, then pair it.`}
      </Empty>
    </section>
  );
}

const SHOWN: Standing[] = ["online", "offline", "disabled"];

function Fleet({ phones, shown }: { phones: Phone[]; shown?: Standing }) {
  const named = [...phones].sort((one, other) => one.name.localeCompare(other.name));
  const chosen = shown ? named.filter((phone) => standing(phone) === shown) : named;
  return (
    <>
      <div class="strip">
        <Capacity phones={phones} />
        <Show phones={phones} shown={shown} />
      </div>
      {phones.length >= MANY ? (
        <PhoneTable phones={chosen} />
      ) : (
        <div class="phones">
          {chosen.map((phone) => (
            <PhoneCard key={phone.deviceId} phone={phone} strip={phone.heartbeats && <DayStrip beats={phone.heartbeats} />} />
          ))}
        </div>
      )}
      {!chosen.length && (
        <section class="card">
          <Empty
            icon="phone"
            title={t`None of the phones`}
            action={
              <a class="btn" href="/phones">
                {t`Show all phones`}
              </a>
            }
          />
        </section>
      )}
    </>
  );
}

function Capacity({ phones }: { phones: Phone[] }) {
  const { online, left, limit, queued, isMore } = fleetOf(phones);
  const all = phones.length;
  const until = clock(Math.ceil((serverNow() + 1) / HOUR_MS) * HOUR_MS);
  const limitSaid = count(limit);
  const onlineSaid = slot(0, count(online));
  const leftSaid = slot(0, count(left));
  const most = count(queued);
  const queuedSaid = slot(0, isMore ? t`${most} or more` : most);
  return (
    <>
      <p class="soft">
        <Rich text={t`${onlineSaid} of ${all} online`} parts={[(said) => <span class="big">{said}</span>]} />
      </p>
      <p class="soft">
        <Rich text={t`${leftSaid} of ${limitSaid} segments left until ${until}`} parts={[(said) => <span class="big">{said}</span>]} />
      </p>
      {queued > 0 && (
        <p class="soft">
          <Rich text={plural(queued, { one: `${queuedSaid} message in their queues`, other: `${queuedSaid} messages in their queues` })} parts={[(said) => <span class="big">{said}</span>]} />
        </p>
      )}
    </>
  );
}

/** Which of the phones are shown; the choice is in the address. */
function Show({ phones, shown }: { phones: Phone[]; shown?: Standing }) {
  const { route } = useLocation();
  const counts = { online: 0, offline: 0, disabled: 0 };
  for (const phone of phones) counts[standing(phone)] += 1;
  const all = phones.length;
  const { online, offline, disabled } = counts;
  const choices: [Standing | undefined, string, number][] = [
    [undefined, t`All ${all}`, all],
    ["online", t`Online ${online}`, online],
    ["offline", t`Offline ${offline}`, offline],
    ["disabled", t`Disabled ${disabled}`, disabled],
  ];
  return (
    <div class="seg push only-wide" role="group" aria-label={t`Show`}>
      {choices
        .filter(([state, , number]) => number > 0 || state === shown)
        .map(([state, said]) => (
          <button key={said} type="button" aria-pressed={state === shown} onClick={() => route(state ? `/phones?show=${state}` : "/phones", true)}>
            {said}
          </button>
        ))}
    </div>
  );
}
