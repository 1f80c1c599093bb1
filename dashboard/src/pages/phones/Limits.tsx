import { t } from "@lingui/core/macro";
import { useState } from "preact/hooks";
import { useOff } from "../../parts/Offline";
import { useMay } from "../../session/role";
import { count } from "../../texts/formats";
import { PhoneLimit, SimLimit } from "./limitForms";
import { type Phone, type Sim, simTitle } from "./phones";

/** How much the phone and each of its SIMs may send an hour. */
export function Limits({ phone }: { phone: Phone }) {
  const [edited, edit] = useState<"phone" | Sim | undefined>();
  const whole = count(phone.hourlyLimit);
  const close = () => edit(undefined);
  return (
    <section class="card">
      <header>
        <h2>{t`Limits`}</h2>
        <span class="faint small push">{t`Segments an hour`}</span>
      </header>
      <ul class="limits">
        <li>
          <span class="medium">{t`The phone`}</span>
          <span class="num push">{whole}</span>
          <Change label={t`Change the phone's limit`} onClick={() => edit("phone")} />
        </li>
        {phone.sims.map((sim) => (
          <SimRow key={sim.simSlot} sim={sim} onEdit={() => edit(sim)} />
        ))}
      </ul>
      {edited === "phone" && <PhoneLimit phone={phone} onClose={close} />}
      {edited && edited !== "phone" && <SimLimit phone={phone} sim={edited} onClose={close} />}
    </section>
  );
}

function SimRow({ sim, onEdit }: { sim: Sim; onEdit: () => void }) {
  const title = simTitle(sim);
  const slot = sim.simSlot + 1;
  return (
    <li>
      <span class="cut">
        <bdi class="medium">{title}</bdi> <span class="faint small">{sim.hasOwnLimit ? t`its own limit` : t`even share`}</span>
      </span>
      <span class="num push">{count(sim.hourlyLimit)}</span>
      <Change label={t`Change the limit of ${title}, SIM ${slot}`} onClick={onEdit} />
    </li>
  );
}

function Change({ label, onClick }: { label: string; onClick: () => void }) {
  const may = useMay("operator");
  const isOff = useOff();
  if (!may) return null;
  return (
    <button type="button" class="btn small quiet" aria-label={label} disabled={isOff} onClick={onClick}>
      {t`Change`}
    </button>
  );
}
