import { t } from "@lingui/core/macro";
import type { Schemas } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { useMay } from "../../session/role";

interface Step {
  isDone: boolean;
  title: string;
  says: string;
  verb: string;
  path: string;
}

/** The way from an empty account to a system that works: each step is gone once it is done, and all of it at the end. */
export function FirstSteps({ steps, isSmall = false }: { steps: Schemas["StepsView"]; isSmall?: boolean }) {
  const isOwner = useMay("owner");
  const isOperator = useMay("operator");
  const all: (Step & { may: boolean })[] = [
    {
      may: isOperator,
      isDone: steps.devicePaired,
      title: t`Pair a phone`,
      says: t`Install the app on an Android phone with a SIM, and scan the code. It sends your messages.`,
      verb: t`Pair a phone`,
      path: "/phones?pair=1",
    },
    {
      may: isOperator,
      isDone: steps.messageSent,
      title: t`Send a test`,
      says: t`To your own number. You see here when it arrives.`,
      verb: t`Send a test`,
      path: "/send",
    },
    {
      may: isOwner,
      isDone: steps.clientCreated,
      title: t`Add an API key`,
      says: t`With it your programs send messages.`,
      verb: t`Add an API client`,
      path: "/clients?new=1",
    },
    {
      may: isOwner,
      isDone: steps.webhookRegistered,
      title: t`Add a webhook`,
      says: t`Your programs are told of deliveries and replies. Polling works too.`,
      verb: t`Add a webhook`,
      path: "/webhooks?new=1",
    },
  ];
  const open = all.filter((step) => !step.isDone);
  if (!open.length) return null;
  const shown = isSmall ? open.filter((step) => step.may) : all;
  if (!shown.length) return null;
  const now = open[0];
  return (
    <section class="card" aria-labelledby="steps">
      <header class={isSmall ? undefined : "hello"}>
        <h2 id="steps">{isSmall ? t`Still to do` : t`From here to the first message`}</h2>
      </header>
      <ol class="steps">
        {shown.map((step) => (
          <li key={step.path} class={step.isDone ? "done" : step === now ? "now" : undefined}>
            <span class="n">{step.isDone ? <Icon name="check" /> : all.indexOf(step) + 1}</span>
            <div>
              <h3>
                {step.title}
                {step.isDone && <span class="sr">{t`, done`}</span>}
              </h3>
              {!step.isDone && <p>{step.says}</p>}
            </div>
            <div class="act">
              {!step.isDone && step.may && (
                <a class={step === now ? "btn primary small" : "btn small"} href={step.path}>
                  {step.verb}
                </a>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
