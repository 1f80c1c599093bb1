import { plural, t } from "@lingui/core/macro";
import type { NamedPhone } from "../../api/account";
import type { Schemas } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { duration, preciseClock } from "../../texts/formats";
import { sourceOf } from "./MessageTable";
import { step } from "./words";
import "../../styles/timeline.css";

/** What happened, on which phone and SIM, why, when, and how long after the step before. */
export function Timeline({ message, phones }: { message: Schemas["MessageDetail"]; phones: NamedPhone[] }) {
  const entries = message.timeline.some((entry) => entry.event === "accepted")
    ? message.timeline
    : [{ event: "accepted", at: message.createdAt }, ...message.timeline];
  const source = sourceOf(message);
  const { priority } = message;
  const segments = plural(message.segments, { one: "# segment", other: "# segments" });
  return (
    <section class="gap">
      <h3>{t`Timeline`}</h3>
      <ol class="line">
        {entries.map((entry, at) => {
          const { icon, tone, title, says } = step(entry as Schemas["TimelineEntryView"], phones);
          const before = entries[at - 1];
          const since = before && Date.parse(entry.at) - Date.parse(before.at);
          return (
            <li key={`${entry.event}${entry.at}`}>
              <span class={`node ${tone}`}>
                <Icon name={icon} />
              </span>
              <div class="what">
                <span class="medium">{title}</span>
                <p>{entry.event === "accepted" ? t`${source} · priority ${priority} · ${segments}` : says}</p>
              </div>
              <div class="at">
                {preciseClock(entry.at)}
                {since !== undefined && since >= 0 && <small>+{duration(since)}</small>}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
