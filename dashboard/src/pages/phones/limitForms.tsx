import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { fieldError } from "../../api/problems";
import { Field } from "../../parts/controls";
import { FormDialog } from "../../parts/FormDialog";
import { toast } from "../../parts/toasts";
import { count } from "../../texts/formats";
import { type Phone, type Sim, simTitle, useChangePhone, useChangeSim } from "./phones";

const MOST = 100_000;

/** How many segments a phone may send an hour. */
export function PhoneLimit({ phone, onClose }: { phone: Phone; onClose: () => void }) {
  const [limit, write] = useState(String(phone.hourlyLimit));
  const [isTried, tryIt] = useState(false);
  const change = useChangePhone(phone.deviceId);
  const hourlyLimit = parsed(limit);
  const { name } = phone;
  function save() {
    tryIt(true);
    if (hourlyLimit) change.mutate({ hourlyLimit }, { onSuccess: () => said(name, hourlyLimit, onClose) });
  }
  return (
    <FormDialog title={t`Hourly limit of ${name}`} verb={t`Save`} isBusy={change.isPending} error={change.error} onSubmit={save} onClose={onClose}>
      <p class="soft">{t`It is split evenly over its SIMs, but for those with a limit of their own. It holds from now on, also for this hour.`}</p>
      <LimitField value={limit} error={isTried && !hourlyLimit ? wrong() : fieldError(change.error, "hourlyLimit")} onInput={write} />
    </FormDialog>
  );
}

/** How many segments a SIM may send an hour: its even share of the phone's, or a limit of its own. */
export function SimLimit({ phone, sim, onClose }: { phone: Phone; sim: Sim; onClose: () => void }) {
  const [isOwn, own] = useState(sim.hasOwnLimit);
  const [limit, write] = useState(String(sim.hourlyLimit));
  const [isTried, tryIt] = useState(false);
  const change = useChangeSim(phone.deviceId, sim.simSlot);
  const hourlyLimit = parsed(limit);
  const title = simTitle(sim);
  const slot = sim.simSlot + 1;
  function save() {
    tryIt(true);
    if (!isOwn) change.mutate({ evenShare: true }, { onSuccess: onClose });
    else if (hourlyLimit) change.mutate({ hourlyLimit }, { onSuccess: () => said(title, hourlyLimit, onClose) });
  }
  return (
    <FormDialog title={t`Hourly limit of ${title}, SIM ${slot}`} verb={t`Save`} isBusy={change.isPending} error={change.error} onSubmit={save} onClose={onClose}>
      <fieldset class="choices">
        <legend class="sr">{t`Which limit`}</legend>
        <label class="check">
          <input type="radio" class="tick" name="limit" checked={!isOwn} onChange={() => own(false)} />
          {t`An even share of the phone's limit`}
        </label>
        <label class="check">
          <input type="radio" class="tick" name="limit" checked={isOwn} onChange={() => own(true)} />
          {t`A limit of its own`}
        </label>
      </fieldset>
      {isOwn && <LimitField value={limit} error={isTried && !hourlyLimit ? wrong() : fieldError(change.error, "hourlyLimit")} onInput={write} />}
    </FormDialog>
  );
}

function LimitField({ value, error, onInput }: { value: string; error?: string; onInput: (limit: string) => void }) {
  return (
    <Field label={t`Segments an hour`} hint={t`Networks block SIMs that send too much at once.`} error={error}>
      {(attributes) => (
        <input {...attributes} class="input" inputMode="numeric" autocomplete="off" value={value} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
    </Field>
  );
}

function said(name: string, limit: number, onClose: () => void) {
  const limitSaid = count(limit);
  toast({ text: t`${name} may send ${limitSaid} segments an hour` });
  onClose();
}

function parsed(text: string): number | undefined {
  const value = Number(text.trim());
  return /^\d+$/.test(text.trim()) && value >= 1 && value <= MOST ? value : undefined;
}

function wrong(): string {
  const most = count(MOST);
  return t`Write a whole number from 1 to ${most}.`;
}
