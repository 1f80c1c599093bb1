import { t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";
import { Icon, type IconName } from "../../parts/Icon";
import { Rich, slot } from "../../parts/Rich";
import { clock, dayKey, longDay } from "../../texts/formats";
import { type Area, areaOf } from "./areas";
import { type Entry, sentence } from "./sentences";
import { detailsOf, personOf, type Thing, useThings } from "./things";

const ICONS: Record<Area, IconName> = {
  people: "members",
  clients: "key",
  phones: "phone",
  webhooks: "webhook",
  messages: "messages",
  "opt-outs": "optout",
  account: "settings",
};

/** Entries under the days on which they were made, newest first. */
export function Entries({ entries }: { entries: Entry[] }) {
  const thingOf = useThings();
  return (
    <>
      {byDay(entries).map(([key, ofDay]) => (
        <section key={key} class="card" aria-labelledby={`day-${key}`}>
          <header>
            <h2 id={`day-${key}`}>{dayName(key, ofDay[0]!.at)}</h2>
          </header>
          <ul class="entries">
            {ofDay.map((entry) => (
              <Row key={entry.entryId} entry={entry} thing={thingOf(entry)} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function byDay(entries: Entry[]): [string, Entry[]][] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const key = dayKey(entry.at);
    days.set(key, [...(days.get(key) ?? []), entry]);
  }
  return [...days];
}

function dayName(key: string, at: string): string {
  if (key === dayKey(serverNow())) return t`Today`;
  return longDay(at);
}

function Row({ entry, thing }: { entry: Entry; thing: Thing }) {
  const details = detailsOf(entry);
  return (
    <li>
      <Icon name={ICONS[areaOf(entry)]} />
      <div>
        <p>
          <Rich
            text={sentence(entry, slot(0, personOf(entry)), slot(1, thing.name))}
            parts={[
              (who) => <bdi class="medium">{who}</bdi>,
              (what) =>
                thing.path ? (
                  <a href={thing.path}>
                    <bdi>{what}</bdi>
                  </a>
                ) : (
                  <bdi class="medium">{what}</bdi>
                ),
            ]}
          />
        </p>
        {details.length > 0 && <p class="soft small">{details.join(" · ")}</p>}
      </div>
      <time class="soft num small" dateTime={entry.at}>
        {clock(entry.at)}
      </time>
    </li>
  );
}
