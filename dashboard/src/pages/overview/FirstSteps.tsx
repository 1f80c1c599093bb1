import { t } from "@lingui/core/macro";
import { type Schemas, useMe } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { marks, Rich } from "../../parts/Rich";
import { useMay } from "../../session/role";
import { roleName } from "../../shell/PersonMenu";
import { allSteps, LEAST, pathOf, type Step } from "./steps";

type Steps = Schemas["StepsView"];

/** The way from an empty account to the first message: it takes the overview's place until one was sent. */
export function FirstSteps({ steps }: { steps: Steps }) {
  const { data: me } = useMe();
  const all = allSteps(steps);
  const now = all.find((step) => !step.isDone);
  const account = me?.accountName ?? "";
  const role = me ? roleName(me.role) : "";
  return (
    <>
      <div class="hello">
        <h2>{t`Send the first message`}</h2>
        <p class="soft">{t`Four steps, then this page shows how your messages do. It fills by itself as you go.`}</p>
      </div>
      <div class="two">
        <section class="card" aria-label={t`Steps to the first message`}>
          <ol class="steps">
            <li class="done">
              <span class="n">
                <Icon name="check" />
              </span>
              <div>
                <h3>
                  {t`Your account is ready`}
                  <span class="sr">{t`, done`}</span>
                </h3>
                <p>{t`${account} was made by an administrator. Your role in it: ${role}.`}</p>
              </div>
              <div class="act" />
            </li>
            {all.map((step, at) => (
              <Row key={step.name} step={step} number={at + 1} isNow={step === now} />
            ))}
          </ol>
        </section>
        <Needs />
      </div>
    </>
  );
}

function Row({ step, number, isNow }: { step: Step; number: number; isNow: boolean }) {
  return (
    <li class={step.isDone ? "done" : isNow ? "now" : undefined}>
      <span class="n">{step.isDone ? <Icon name="check" /> : number}</span>
      <div>
        <h3>
          {step.title}
          {step.isDone && <span class="sr">{t`, done`}</span>}
        </h3>
        {!step.isDone && <p>{step.says}</p>}
      </div>
      <div class="act">{!step.isDone && <Act step={step} isNow={isNow} />}</div>
    </li>
  );
}

function Act({ step, isNow }: { step: Step; isNow: boolean }) {
  const may = useMay(LEAST[step.name]);
  if (!may) return null;
  if (step.waits) {
    return (
      <>
        <button type="button" class="btn" disabled aria-describedby="first">
          {step.verb}
        </button>
        <span class="sr" id="first">
          {step.waits}
        </span>
      </>
    );
  }
  return (
    <a class={isNow ? "btn primary" : "btn"} href={pathOf(step.name)}>
      <Icon name={step.icon} />
      {step.verb}
    </a>
  );
}

function Needs() {
  const isOwner = useMay("owner");
  const [open, close] = marks(0);
  return (
    <section class="card">
      <header>
        <h2>{t`What you need`}</h2>
      </header>
      <div class="pad">
        <ul class="needs">
          <li>
            <Icon name="phone" />
            <span>{t`An Android phone that stays at one place, on a charger and on a network.`}</span>
          </li>
          <li>
            <Icon name="sim" />
            <span>{t`A SIM with an SMS bundle. A phone sends 200 segments an hour unless you set another limit; more SIMs send more.`}</span>
          </li>
          {isOwner && (
            <li>
              <Icon name="members" />
              <span>
                <Rich
                  text={t`Does somebody else write the program? ${open}Invite them${close}, and they make their own key and webhook here.`}
                  parts={[(said) => <a href="/members?invite=1">{said}</a>]}
                />
              </span>
            </li>
          )}
        </ul>
      </div>
    </section>
  );
}

/** What is left to do once messages go out; nothing when it is all done, or isn't this person's to do. */
export function StillToDo({ steps }: { steps: Steps }) {
  const isOwner = useMay("owner");
  const isOperator = useMay("operator");
  const open = allSteps(steps).filter((step) => !step.isDone && (LEAST[step.name] === "owner" ? isOwner : isOperator));
  if (!open.length) return null;
  return (
    <section class="card" aria-labelledby="steps">
      <header>
        <h2 id="steps">{t`Still to do`}</h2>
      </header>
      <ol class="steps small-steps">
        {open.map((step, at) => (
          <Row key={step.name} step={step} number={at + 1} isNow={false} />
        ))}
      </ol>
    </section>
  );
}
