import { t } from "@lingui/core/macro";
import { Meter } from "../../parts/controls";
import { State } from "../../parts/State";
import { clock, count } from "../../texts/formats";
import { ClientMenu } from "./ClientMenu";
import type { Client } from "./clients";
import { Keys } from "./Keys";

const LOW = 0.2;

/** A client: how near its limit it is, and its two keys. In the list its name leads to its page. */
export function ClientCard({ client, isAlone = false }: { client: Client; isAlone?: boolean }) {
  const { name } = client;
  return (
    <article class="card client" aria-label={name}>
      <header>
        <h2 class={isAlone ? "whole" : "cut"}>
          {isAlone ? (
            <bdi>{name}</bdi>
          ) : (
            <a href={`/clients/${client.clientId}`}>
              <bdi>{name}</bdi>
            </a>
          )}
        </h2>
        {client.test && <span class="st st-pending chip">{t({ message: "Test", context: "keys that send nothing" })}</span>}
        <State of={client.status} chip />
        {!isAlone && (
          <span class="push">
            <ClientMenu client={client} />
          </span>
        )}
      </header>
      <Used client={client} />
      <Keys client={client} />
    </article>
  );
}

/** Requests of this hour, of its limit. */
function Used({ client }: { client: Client }) {
  const { usedThisHour, limit } = client;
  const used = count(usedThisHour);
  const most = count(limit);
  const until = clock(client.hourEndsAt);
  const isNear = usedThisHour > limit * (1 - LOW);
  return (
    <div class="used">
      <p>
        <span class="medium">{t`${used} of ${most} requests this hour`}</span>{" "}
        <span class="faint small">{usedThisHour >= limit ? t`Further ones are refused until ${until}` : t`until ${until}`}</span>
      </p>
      <Meter part={usedThisHour} whole={limit} low={isNear} />
    </div>
  );
}
