import { t } from "@lingui/core/macro";
import { Meter, Switch } from "../../parts/controls";
import { Icon } from "../../parts/Icon";
import { problemTitle } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { clock, count, phoneNumber } from "../../texts/formats";
import { isFailing } from "../overview/Fleet";
import { LOW, type Phone, sentSaid, type Sim, simTitle, standing, useChangeSim } from "./phones";

/** A SIM that sent a smaller share than this fails most of its messages. */
const MOST = 0.5;

/** A phone's SIMs: what each has left this hour, and its switch. On the phone's own page also how their last messages went. */
export function Sims({ phone, isAlone = false }: { phone: Phone; isAlone?: boolean }) {
  return (
    <ul class="sims">
      {phone.sims.map((sim) => (
        <Row key={sim.simSlot} phone={phone} sim={sim} isAlone={isAlone} />
      ))}
    </ul>
  );
}

function Row({ phone, sim, isAlone }: { phone: Phone; sim: Sim; isAlone: boolean }) {
  const change = useChangeSim(phone.deviceId, sim.simSlot);
  const isOn = change.isPending ? (change.variables.isEnabled ?? sim.isEnabled) : sim.isEnabled;
  const slot = sim.simSlot + 1;
  const title = simTitle(sim);
  return (
    <li>
      <Icon name="sim" />
      <div class="cut">
        <p class="cut">
          <bdi class="medium">{title}</bdi>
          {sim.carrierName && <> <span class="faint small">{t`SIM ${slot}`}</span></>}
        </p>
        {sim.phoneNumber && <p class="soft small num cut">{phoneNumber(sim.phoneNumber)}</p>}
        {isAlone && sim.health?.isHealthy && <p class="faint small">{sentSaid(sim.health)}</p>}
      </div>
      <Left phone={phone} sim={sim} isOn={isOn} />
      <Toggle phone={phone} sim={sim} isOn={isOn} change={change} />
      {isFailing(sim) ? <Failing sim={sim} /> : <Remark phone={phone} sim={sim} />}
      {change.isError && (
        <p class="remark bad" role="alert">
          {problemTitle(change.error)}
        </p>
      )}
    </li>
  );
}

function Left({ phone, sim, isOn }: { phone: Phone; sim: Sim; isOn: boolean }) {
  const { leftThisHour: left, hourlyLimit: limit } = sim;
  const leftSaid = count(left);
  const limitSaid = count(limit);
  if (!isOn) return <Cap>{t`Switched off`}</Cap>;
  if (standing(phone) !== "online") return <Cap>{t`${limitSaid} an hour`}</Cap>;
  return (
    <div class="cap">
      <Meter part={left} whole={limit} low={left < limit * LOW} />
      <span>{t`${leftSaid} of ${limitSaid} left`}</span>
    </div>
  );
}

function Cap({ children }: { children: string }) {
  return (
    <div class="cap">
      <span>{children}</span>
    </div>
  );
}

/** The switch acts at once, and can be undone. Who may not throw it reads how it stands. */
function Toggle({ phone, sim, isOn, change }: { phone: Phone; sim: Sim; isOn: boolean; change: ReturnType<typeof useChangeSim> }) {
  const may = useMay("operator");
  const isOff = useOff();
  const { name } = phone;
  const slot = sim.simSlot + 1;
  const carrier = simTitle(sim);
  if (!may) return <span class="soft small end">{isOn ? t`On` : t`Off`}</span>;

  function set(isEnabled: boolean) {
    change.mutate(
      { isEnabled },
      {
        onSuccess: () =>
          toast({
            text: isEnabled ? t`${carrier} SIM ${slot} is on.` : t`${carrier} SIM ${slot} is off. It gets no new work.`,
            act: { label: t`Undo`, do: () => set(!isEnabled) },
          }),
      },
    );
  }

  return <Switch label={t`${name}, SIM ${slot}, ${carrier}`} isOn={isOn} disabled={isOff} onChange={set} />;
}

/** That a SIM's messages fail, and what to do about it. */
function Failing({ sim }: { sim: Sim }) {
  const health = sim.health!;
  const until = sim.restsUntil && clock(sim.restsUntil);
  const isMost = health.sentShare !== undefined && health.sentShare < MOST;
  return (
    <div class="remark bad">
      <p class="medium">
        {isMost ? t`Fails most of its messages.` : t`Its last messages failed.`} {sentSaid(health)}
      </p>
      <p>
        {t`Check its credit and its signal, and that the phone may send SMS.`}{" "}
        {until ? t`It rests until ${until}, then one message tries it.` : t`One message at a time tries it, until one is sent.`}
      </p>
    </div>
  );
}

/** Why a SIM that is on gets nothing, or not all, now. */
function Remark({ phone, sim }: { phone: Phone; sim: Sim }) {
  if (!sim.isEnabled || standing(phone) !== "online") return null;
  const said = remark(sim);
  return said ? <p class="remark">{said}</p> : null;
}

function remark(sim: Sim): string | undefined {
  if (sim.restsUntil) {
    const until = clock(sim.restsUntil);
    return t`Rests until ${until}, since its last messages failed.`;
  }
  if (sim.limitedUntil) {
    const until = clock(sim.limitedUntil);
    return t`At its limit until ${until}: only urgent messages go.`;
  }
  return sim.isOnline ? undefined : t`The phone can't use this SIM now.`;
}
