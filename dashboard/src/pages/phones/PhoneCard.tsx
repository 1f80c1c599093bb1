import { plural, t } from "@lingui/core/macro";
import type { ComponentChildren } from "preact";
import { Icon } from "../../parts/Icon";
import { Failure } from "../../parts/Loading";
import { useOff } from "../../parts/Offline";
import { toast } from "../../parts/toasts";
import { useMay } from "../../session/role";
import { moment } from "../../texts/formats";
import { PhoneMenu } from "./PhoneMenu";
import { type Phone, standing, standingWord, useChangePhone } from "./phones";
import { Sims } from "./Sims";
import { Vitals } from "./Vitals";

export const DOTS = { online: "dot lead", offline: "dot off lead", disabled: "dot none lead" };

/** A phone with its SIMs. In the list its name leads to its page; `strip` is its last day. */
export function PhoneCard({ phone, strip, isAlone = false }: { phone: Phone; strip?: ComponentChildren; isAlone?: boolean }) {
  const { name } = phone;
  const state = standing(phone);
  return (
    <article class="card phone" aria-label={name}>
      <header>
        <span class={DOTS[state]} />
        <div class="cut">
          <h2 class={isAlone ? "whole" : "cut"}>
            {isAlone ? (
              <bdi>{name}</bdi>
            ) : (
              <a href={`/phones/${phone.deviceId}`}>
                <bdi>{name}</bdi>
              </a>
            )}
          </h2>
          <p class="faint small cut">{underTitle(phone)}</p>
        </div>
        {!isAlone && (
          <span class="push">
            <PhoneMenu phone={phone} />
          </span>
        )}
      </header>
      {state === "disabled" ? <Disabled phone={phone} /> : <Vitals phone={phone} />}
      {state === "offline" && <Waiting phone={phone} />}
      {strip}
      <Sims phone={phone} isAlone={isAlone} />
    </article>
  );
}

/** `Online · Pixel 6, agent 1.4.2` */
export function underTitle(phone: Phone): string {
  const state = standingWord(phone);
  const make = phone.model ?? phone.platform;
  const version = phone.appVersion;
  if (make && version) return t`${state} · ${make}, agent ${version}`;
  if (make) return t`${state} · ${make}`;
  return version ? t`${state} · agent ${version}` : state;
}

function Disabled({ phone }: { phone: Phone }) {
  const change = useChangePhone(phone.deviceId);
  const may = useMay("operator");
  const isOff = useOff();
  const { name } = phone;
  return (
    <>
      <div class="vitals">
        <span class="wraps">{t`Gets no work until it is enabled.`}</span>
        {may && (
          <button
            type="button"
            class="btn small push"
            disabled={change.isPending || isOff}
            aria-label={t`Enable ${name}`}
            onClick={() => change.mutate({ isEnabled: true }, { onSuccess: () => toast({ text: t`${name} is enabled` }) })}
          >
            {t`Enable`}
          </button>
        )}
      </div>
      {change.isError && (
        <div class="in-card">
          <Failure error={change.error} />
        </div>
      )}
    </>
  );
}

/** What a phone that is away holds up. */
function Waiting({ phone }: { phone: Phone }) {
  const { pendingJobCount: queued, offlineSince } = phone;
  if (!queued) return null;
  const since = offlineSince && moment(offlineSince);
  return (
    <p class="inline-alert">
      <Icon name="alert" />
      <span>
        {since
          ? plural(queued, {
              one: `Offline since ${since}. # message waits for this phone alone.`,
              other: `Offline since ${since}. # messages wait for this phone alone.`,
            })
          : plural(queued, { one: "# message waits for this phone alone.", other: "# messages wait for this phone alone." })}
      </span>
    </p>
  );
}
