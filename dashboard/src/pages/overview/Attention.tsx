import { plural, t } from "@lingui/core/macro";
import { serverNow } from "../../api/clock";
import { type Schemas, usePhones } from "../../api/queries";
import { Icon, type IconName } from "../../parts/Icon";
import { useWaiting } from "../../shell/unread";
import { duration, moment } from "../../texts/formats";
import { isFailing } from "./Fleet";

interface Alert {
  icon: IconName;
  tone: string;
  title: string;
  why: string;
  path: string;
  verb: string;
}

const MOST_PHONES = 5;
/** Counts of the API that stop here also stand for more. */
const COUNTED_TO = { skipped: 1_000, unread: 100 };

/** What somebody must look at, the worst first, with the one action that mends it. Nothing at all while all is well. */
export function Attention({ overview }: { overview: Schemas["Overview"] }) {
  const { data: phones = [] } = usePhones();
  const unread = useWaiting();
  const alerts = [...overview.suspendedWebhooks.map(suspended), ...away(phones), ...failing(phones), ...(unread?.count ? [waiting(unread)] : [])];
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
  const { suspendedAt, skipped } = webhook;
  const since = suspendedAt && moment(suspendedAt);
  const missed =
    skipped >= COUNTED_TO.skipped
      ? t`A thousand events or more were skipped.`
      : skipped > 0
        ? plural(skipped, { one: "# event was skipped.", other: "# events were skipped." })
        : "";
  const gone = since ? t`${host} gets no events since ${since}.` : t`${host} gets no events until it is enabled again.`;
  return {
    icon: "alert",
    tone: "bad",
    title: t`Webhook suspended`,
    why: `${gone} ${missed}`.trim(),
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
    const last = lastHeard(phone);
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

/** Phones that are there and have a SIM whose last messages failed. */
function failing(phones: Schemas["ConsoleDevice"][]): Alert[] {
  const bad = phones.filter((phone) => phone.isEnabled && phone.status === "Online" && phone.sims.some(isFailing));
  const alert = { icon: "sim" as const, tone: "bad", why: t`Check its credit and its signal, and that the phone may send SMS.` };
  if (bad.length > MOST_PHONES) {
    const title = plural(bad.length, { one: "# phone has a SIM that fails", other: "# phones have a SIM that fails" });
    return [{ ...alert, title, path: "/phones", verb: t`Open phones` }];
  }
  return bad.map(({ name, deviceId }) => ({ ...alert, title: t`A SIM in ${name} fails`, path: `/phones/${deviceId}`, verb: t`Open phone` }));
}

function lastHeard({ lastHeartbeatAt, batteryLevel }: Schemas["ConsoleDevice"]): string {
  if (!lastHeartbeatAt) return t`It has never connected.`;
  const heard = duration(serverNow() - Date.parse(lastHeartbeatAt));
  return batteryLevel === undefined ? t`Last heard ${heard} ago.` : t`Last heard ${heard} ago at ${batteryLevel} % battery.`;
}

function waiting({ count, oldestSince }: Schemas["UnreadConversations"]): Alert {
  const waited = oldestSince && duration(serverNow() - Date.parse(oldestSince));
  return {
    icon: "inbox",
    tone: "new",
    title:
      count >= COUNTED_TO.unread
        ? t`A hundred unread conversations or more`
        : plural(count, { one: "# unread conversation", other: "# unread conversations" }),
    why: waited ? t`The oldest has waited ${waited}.` : t`Somebody waits for an answer.`,
    path: "/inbox",
    verb: t`Open inbox`,
  };
}
