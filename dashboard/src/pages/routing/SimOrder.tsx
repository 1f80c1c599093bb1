import { t } from "@lingui/core/macro";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type NamedPhone, useNamedPhones } from "../../api/account";
import { usePhones } from "../../api/queries";
import { Pick } from "../../parts/controls";
import { Icon } from "../../parts/Icon";
import { simAndCarrier } from "../messages/words";
import { keyOf, MOST_SIMS, type RoutedSim, simOf } from "./rules";

interface Moved {
  key: string;
  step: number;
}

/** SIMs in an order, which buttons change; `picked` is the one that is chosen to be added. */
export function SimOrder({
  sims,
  picked,
  error,
  onPick,
  onChange,
}: {
  sims: RoutedSim[];
  picked: string;
  error?: string;
  onPick: (key: string) => void;
  onChange: (sims: RoutedSim[]) => void;
}) {
  const phones = useNamedPhones();
  const hint = useId();
  const list = useRef<HTMLOListElement>(null);
  const [moved, note] = useState<Moved | undefined>();
  // What moves loses the focus; at an end the button for the other way has it.
  useEffect(() => {
    const row = moved && list.current?.querySelector(`[data-key="${moved.key}"]`);
    const way = moved?.step === 1 ? ".later" : ".sooner";
    (row?.querySelector<HTMLElement>(`${way}:enabled`) ?? row?.querySelector<HTMLElement>(":is(.sooner, .later):enabled"))?.focus();
  }, [moved]);

  function move(from: number, step: number) {
    const next = [...sims];
    next.splice(from + step, 0, ...next.splice(from, 1));
    onChange(next);
    note({ key: keyOf(sims[from]!), step });
  }

  return (
    <fieldset class="sim-order" aria-describedby={hint}>
      <legend class="label">{t`SIMs, in order`}</legend>
      <p class={error ? "hint bad" : "hint"} id={hint}>
        {error ?? t`Of those that are free the first one gets the message.`}
      </p>
      {sims.length > 0 && (
        <ol ref={list}>
          {sims.map((sim, at) => {
            const name = simAndCarrier(phones, sim.deviceId, sim.simSlot);
            return (
              <li key={keyOf(sim)} data-key={keyOf(sim)}>
                <span class="num faint">{at + 1}</span>
                <bdi class="wraps">{name}</bdi>
                <span class="push row">
                  <button type="button" class="btn quiet icon small sooner" aria-label={t`Move ${name} up`} disabled={at === 0} onClick={() => move(at, -1)}>
                    <Icon name="left" tone="up" />
                  </button>
                  <button
                    type="button"
                    class="btn quiet icon small later"
                    aria-label={t`Move ${name} down`}
                    disabled={at === sims.length - 1}
                    onClick={() => move(at, 1)}
                  >
                    <Icon name="left" tone="dn" />
                  </button>
                  <button
                    type="button"
                    class="btn quiet icon small"
                    aria-label={t`Remove ${name}`}
                    onClick={() => {
                      onChange(sims.filter((one) => one !== sim));
                      list.current?.closest("fieldset")?.querySelector("select")?.focus();
                    }}
                  >
                    <Icon name="x" />
                  </button>
                </span>
              </li>
            );
          })}
        </ol>
      )}
      <p class="sr" role="status">
        {moved && place(phones, sims, moved)}
      </p>
      {sims.length < MOST_SIMS && (
        <div class="row">
          <SimPick without={sims} picked={picked} hint={hint} isWrong={Boolean(error)} onPick={onPick} />
          <button
            type="button"
            class="btn"
            disabled={!picked}
            onClick={() => {
              onChange([...sims, simOf(picked)]);
              onPick("");
            }}
          >
            {t`Add`}
          </button>
        </div>
      )}
    </fieldset>
  );
}

/** Where a SIM has come to be. */
function place(phones: NamedPhone[], sims: RoutedSim[], { key }: Moved): string {
  const at = sims.findIndex((sim) => keyOf(sim) === key);
  if (at < 0) return "";
  const name = simAndCarrier(phones, sims[at]!.deviceId, sims[at]!.simSlot);
  const number = at + 1;
  const all = sims.length;
  return t`${name} is number ${number} of ${all}`;
}

function SimPick({
  without,
  picked,
  hint,
  isWrong,
  onPick,
}: {
  without: RoutedSim[];
  picked: string;
  hint: string;
  isWrong: boolean;
  onPick: (key: string) => void;
}) {
  const { data: phones = [] } = usePhones();
  const taken = new Set(without.map(keyOf));
  const named = [...phones].sort((one, other) => one.name.localeCompare(other.name));
  const groups = named.map((phone) => ({ phone, free: phone.sims.filter(({ simSlot }) => !taken.has(keyOf({ deviceId: phone.deviceId, simSlot }))) }));
  const id = useId();
  return (
    <Pick tied={{ id, "aria-label": t`A SIM to add`, "aria-describedby": hint, "aria-invalid": isWrong }} value={picked} onPick={onPick}>
      <option value="">{t`Choose a SIM`}</option>
      {groups
        .filter(({ free }) => free.length)
        .map(({ phone, free }) => (
          <optgroup key={phone.deviceId} label={phone.name}>
            {free.map(({ simSlot }) => (
              <option key={simSlot} value={keyOf({ deviceId: phone.deviceId, simSlot })}>
                {simAndCarrier(phones, phone.deviceId, simSlot)}
              </option>
            ))}
          </optgroup>
        ))}
    </Pick>
  );
}
