import { plural, t } from "@lingui/core/macro";
import { type Schemas, usePhones } from "../../api/queries";
import { Icon, type IconName } from "../../parts/Icon";
import { duration } from "../../texts/formats";

interface Alert {
  icon: IconName;
  tone: string;
  title: string;
  why: string;
  path: string;
  verb: string;
}

const MOST_PHONES = 5;

/** What somebody must look at, the worst first, with the one action that mends it. Nothing at all while all is well. */
export function Attention({ overview, unread }: { overview: Schemas["Overview"]; unread: number }) {
  const { data: phones = [] } = usePhones();
  const alerts = [...overview.suspendedWebhooks.map(suspended), ...away(phones), ...(unread ? [waiting(unread)] : [])];
  if (!alerts.length) return null;
  return (
    <section class="card" aria-labelledby="attention">
      <header>
        <h2 id="attention">{t`Needs attention`}</h2>
        <span class="tag">{alerts.length}</span>
      </header>
      <ul class="alerts">
        {alerts.map((alert) => (
          <li key={alert.path + alert.title}>
            <Icon name={alert.icon} tone={alert.tone} />
            <div class="cut2">
              <p class="medium">{alert.title}</p>
              <p class="soft small">{alert.why}</p>
            </div>
            <a class="btn small push" href={alert.path} aria-label={`${alert.verb}: ${alert.title}`}>
              <span>{alert.verb}</span>
              <Icon name="right" />
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function suspended(webhook: Schemas["SuspendedWebhook"]): Alert {
  const host = new URL(webhook.url).host;
  return {
    icon: "alert",
    tone: "bad",
    title: t`Webhook suspended`,
    why: t`${host} gets no events until it is enabled again.`,
    path: `/webhooks/${webhook.webhookId}`,
    verb: t`Review`,
  };
}

function away(phones: Schemas["ConsoleDevice"][]): Alert[] {
  const silent = phones.filter((phone) => phone.isEnabled && phone.status === "Offline");
  if (silent.length > MOST_PHONES) {
    return [
      {
        icon: "nowifi",
        tone: "warn",
        title: plural(silent.length, { one: "# phone is offline", other: "# phones are offline" }),
        why: t`Their messages go to the other phones, or wait.`,
        path: "/phones",
        verb: t`Open phones`,
      },
    ];
  }
  return silent.map((phone) => {
    const { name, pendingJobCount } = phone;
    const heard = phone.lastHeartbeatAt ? duration(Date.now() - Date.parse(phone.lastHeartbeatAt)) : undefined;
    const last = heard ? t`Last heard ${heard} ago.` : t`It has never connected.`;
    const queue = pendingJobCount
      ? plural(pendingJobCount, { one: "# message waits for this phone alone.", other: "# messages wait for this phone alone." })
      : "";
    return {
      icon: "nowifi" as const,
      tone: "warn",
      title: t`${name} is offline`,
      why: `${last} ${queue}`.trim(),
      path: `/phones/${phone.deviceId}`,
      verb: t`Open phone`,
    };
  });
}

function waiting(unread: number): Alert {
  return {
    icon: "inbox",
    tone: "new",
    title: plural(unread, { one: "# unread conversation", other: "# unread conversations" }),
    why: t`Somebody waits for an answer.`,
    path: "/inbox",
    verb: t`Open inbox`,
  };
}
