import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { Icon } from "../../parts/Icon";
import { Menu } from "../../parts/Menu";
import { stateWord } from "../../parts/State";
import { DELIVERY_STATES, eventNames, type LogFilter } from "./webhooks";

/** The log's filter, which lives in the address. */
export function useLogFilter(): [LogFilter, (change: LogFilter) => void] {
  const { query, path, route } = useLocation();
  const filter: LogFilter = {
    status: DELIVERY_STATES.find((state) => state === query.status),
    event: eventNames().find(([name]) => name === query.event)?.[0],
    probes: query.probes === "1" || undefined,
  };
  function change(wanted: LogFilter) {
    const { status, event, probes } = { ...filter, ...wanted };
    const next = new URLSearchParams();
    if (status) next.set("status", status);
    if (event) next.set("event", event);
    if (probes) next.set("probes", "1");
    const text = next.toString();
    route(text ? `${path}?${text}` : path, true);
  }
  return [filter, change];
}

/** Dashed: unset. Tinted: set, with its value. */
export function LogFilters({ filter, onChange }: { filter: LogFilter; onChange: (change: LogFilter) => void }) {
  const { status, event, probes } = filter;
  return (
    <div class="filters push">
      <Menu
        label={t`Filter by status`}
        className={status ? "filter small-f on" : "filter small-f"}
        choices={[
          { label: t`Any status`, isOn: !status, act: () => onChange({ status: undefined }) },
          ...DELIVERY_STATES.map((state) => ({ label: stateWord(state), isOn: status === state, act: () => onChange({ status: state }) })),
        ]}
      >
        {status ? <b>{stateWord(status)}</b> : t`Status`}
        <Icon name="down" />
      </Menu>
      <Menu
        label={t`Filter by event`}
        className={event ? "filter small-f on" : "filter small-f"}
        choices={[
          { label: t`Any event`, isOn: !event, act: () => onChange({ event: undefined }) },
          ...eventNames().map(([name]) => ({ label: name, isOn: event === name, act: () => onChange({ event: name }) })),
        ]}
      >
        {event ? <b>{event}</b> : t`Event`}
        <Icon name="down" />
      </Menu>
      <button type="button" class={probes ? "filter small-f on" : "filter small-f"} aria-pressed={Boolean(probes)} onClick={() => onChange({ probes: !probes })}>
        {t`Recovery pings`}
      </button>
    </div>
  );
}
