import { plural, t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";
import { type Schemas, usePhones } from "../../api/queries";
import { Meter } from "../../parts/controls";
import { Empty, Loaded } from "../../parts/Loading";
import { clock, count, duration } from "../../texts/formats";

type Phone = Schemas["ConsoleDevice"];

const MOST = 8;
const LOW = 0.2;

/** What the phones have left this hour. */
export function Fleet() {
  const phones = usePhones();
  return (
    <section class="card col">
      <header>
        <h2>{t`Phones`}</h2>
        <span class="faint small push">{t`Left this hour`}</span>
      </header>
      <Loaded query={phones}>
        {(found) =>
          found.length ? <List phones={found} /> : <Empty icon="phone" title={t`No phone yet`}>{t`Phones send the messages, over their SIMs.`}</Empty>
        }
      </Loaded>
    </section>
  );
}

function List({ phones }: { phones: Phone[] }) {
  const named = [...phones].sort((one, other) => one.name.localeCompare(other.name));
  const left = phones.reduce((sum, phone) => sum + budgetOf(phone).left, 0);
  const limit = phones.reduce((sum, phone) => sum + budgetOf(phone).limit, 0);
  const leftSaid = count(left);
  const limitSaid = count(limit);
  const until = clock(Math.ceil((serverNow() + 1) / 3_600_000) * 3_600_000);
  const more = named.length - MOST;
  return (
    <>
      <ul class="fleet">
        {named.slice(0, MOST).map((phone) => (
          <Row key={phone.deviceId} phone={phone} />
        ))}
      </ul>
      <footer>
        <span>{t`${leftSaid} of ${limitSaid} segments left until ${until}`}</span>
        {more > 0 && (
          <a class="push" href="/phones">
            {plural(more, { one: "# more", other: "# more" })}
          </a>
        )}
      </footer>
    </>
  );
}

function Row({ phone }: { phone: Phone }) {
  const path = `/phones/${phone.deviceId}`;
  const { left, limit } = budgetOf(phone);
  const usable = phone.sims.filter((sim) => sim.isEnabled).length;
  const all = phone.sims.length;
  const name = <span class="medium">{phone.name}</span>;
  if (!phone.isEnabled || phone.status === "Offline") {
    return (
      <li class="idle">
        <span class={phone.isEnabled ? "dot off" : "dot none"} />
        <a class="cut plain" href={path}>
          {name} {phone.isEnabled ? <Away phone={phone} /> : <span class="faint small">{t`Disabled`}</span>}
        </a>
      </li>
    );
  }
  return (
    <li>
      <span class="dot" />
      <a class="cut plain" href={path}>
        {name}{" "}
        <span class="faint small">{usable === all ? plural(all, { one: "# SIM", other: "# SIMs" }) : t`${usable} of ${all} SIMs`}</span>
      </a>
      <Meter part={left} whole={limit} low={left < limit * LOW} />
      <span class="end num">{count(left)}</span>
    </li>
  );
}

function Away({ phone }: { phone: Phone }) {
  const heard = phone.lastHeartbeatAt;
  const since = heard ? duration(serverNow() - Date.parse(heard)) : "";
  return <span class="away small">{heard ? t`Offline ${since}` : t`Never connected`}</span>;
}

/** What a phone's enabled SIMs may still send this hour, in segments; nothing while it is offline or disabled. */
export function budgetOf(phone: Phone): { left: number; limit: number } {
  const own = phone.isEnabled && phone.status === "Online" ? phone.sims.filter((sim) => sim.isEnabled) : [];
  return {
    left: own.reduce((sum, sim) => sum + sim.leftThisHour, 0),
    limit: own.reduce((sum, sim) => sum + sim.hourlyLimit, 0),
  };
}

/** Whether so many of its last messages failed that it is tried with one at a time. One that is switched off sends nothing. */
export function isFailing(sim: Schemas["ConsoleSim"]): boolean {
  return sim.isEnabled && sim.health?.isHealthy === false;
}
