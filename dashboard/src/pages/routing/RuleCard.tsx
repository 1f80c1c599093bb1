import { t } from "@lingui/core/macro";
import { useId } from "preact/hooks";
import { useNamedPhones } from "../../api/account";
import { usePhones } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { simAndCarrier } from "../messages/words";
import { keyOf, type Rule } from "./rules";
import { RuleMenu } from "./RuleMenu";

/** A rule: for which numbers, by which SIMs in which order, and what while none is free. */
export function RuleCard({ rule, others }: { rule: Rule; others: Rule[] }) {
  const heading = useId();
  const { name, prefixes, fallback } = rule;
  return (
    <section class="card routing" aria-labelledby={heading}>
      <header>
        <h2 id={heading} class="whole">
          <bdi>{name}</bdi>
        </h2>
        <span class="push">
          <RuleMenu rule={rule} others={others} />
        </span>
      </header>
      <dl class="facts pad">
        <dt>{t`Numbers from`}</dt>
        <dd>
          <span class="tags">
            {prefixes.map((prefix) => (
              <span key={prefix} class="tag num">
                {prefix}
              </span>
            ))}
          </span>
        </dd>
        <dt>{t`Go by`}</dt>
        <dd>
          <Sims rule={rule} />
        </dd>
        <dt>{t`None is free`}</dt>
        <dd>{fallback === "any" ? t`Any other SIM sends the message` : t`The message waits for one of them`}</dd>
      </dl>
    </section>
  );
}

function Sims({ rule }: { rule: Rule }) {
  const { sims, fallback } = rule;
  const named = useNamedPhones();
  const { data: phones } = usePhones();
  const there = new Set(phones?.map(({ deviceId }) => deviceId));
  const isGone = (deviceId: string) => phones !== undefined && !there.has(deviceId);
  return (
    <>
      <ol class="in-order">
        {sims.map((sim) => {
          const { deviceId, simSlot } = sim;
          const said = simAndCarrier(named, deviceId, simSlot);
          const health = phones?.find((phone) => phone.deviceId === deviceId)?.sims.find((one) => one.simSlot === simSlot)?.health;
          return (
            <li key={keyOf(sim)}>
              {isGone(deviceId) ? (
                <bdi class="faint">{said}</bdi>
              ) : (
                <a href={`/phones/${deviceId}`}>
                  <bdi>{said}</bdi>
                </a>
              )}
              {isGone(deviceId) && <span class="out"> {t`The phone was removed`}</span>}
              {health && !health.isHealthy && <span class="out"> {t`Its messages fail`}</span>}
            </li>
          );
        })}
      </ol>
      {sims.every(({ deviceId }) => isGone(deviceId)) && (
        <p class="gone">
          <Icon name="alert" />
          {fallback === "any"
            ? t`No phone of this rule is left: any SIM sends these messages. Change or remove the rule.`
            : t`No phone of this rule is left: messages to these numbers are refused. Change or remove the rule.`}
        </p>
      )}
    </>
  );
}
