import { t } from "@lingui/core/macro";
import { useLocation, useRoute } from "preact-iso";
import { Problem } from "../../api/problems";
import { useMessages } from "../../api/queries";
import { Empty, Loaded } from "../../parts/Loading";
import { OfflineNote } from "../../parts/Offline";
import { NotFound } from "../../shell/NotFound";
import { Page } from "../../shell/Page";
import { MessageTable } from "../messages/MessageTable";
import { DayStrip } from "./DayStrip";
import { Details } from "./Details";
import { Limits } from "./Limits";
import { PhoneCard } from "./PhoneCard";
import { PhoneMenu } from "./PhoneMenu";
import { type Phone as PhoneView, useHeartbeats, usePhone } from "./phones";
import "../../styles/phones.css";

const HOUR_SECONDS = 3_600;
const SHOWN = 10;

export default function Phone() {
  const { params } = useRoute();
  return <OnePhone key={params.deviceId} deviceId={params.deviceId!} />;
}

function OnePhone({ deviceId }: { deviceId: string }) {
  const { route } = useLocation();
  const phone = usePhone(deviceId);
  if (phone.error instanceof Problem && phone.error.status === 404) return <NotFound />;
  return (
    <Page
      title={phone.data?.name ?? t`Phone`}
      back={{ path: "/phones", name: t`Phones` }}
      actions={phone.data && <PhoneMenu phone={phone.data} className="btn icon" onRemoved={() => route("/phones", true)} />}
    >
      <OfflineNote />
      <Loaded query={phone}>
        {(found) => (
          <div class="two">
            <div class="column">
              <PhoneCard phone={found} isAlone strip={<LastDay deviceId={deviceId} />} />
              <Queue phone={found} />
              <Last deviceId={deviceId} />
            </div>
            <div class="column">
              <Limits phone={found} />
              <Details phone={found} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function LastDay({ deviceId }: { deviceId: string }) {
  const { data: log } = useHeartbeats(deviceId);
  const beats = log?.hours.map((hour) => hour.heartbeats) ?? Array<number>(24).fill(0);
  return <DayStrip beats={beats} expected={HOUR_SECONDS / (log?.heartbeatSeconds ?? HOUR_SECONDS)} />;
}

/** What the phone has to send yet. */
function Queue({ phone }: { phone: PhoneView }) {
  const { deviceId, pendingJobCount: queued } = phone;
  const waiting = useMessages({ deviceId, status: "Pending,Assigned", limit: SHOWN });
  if (!queued) return null;
  return (
    <section class="card of-phone">
      <header>
        <h2>{t`In its queue`}</h2>
        <span class="tag">{queued}</span>
        <a class="push small medium" href={`/messages?deviceId=${deviceId}&status=Pending,Assigned&span=all`}>
          {t`All in its queue`}
        </a>
      </header>
      <Loaded query={waiting} rows={3}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.messages).slice(0, SHOWN);
          return found.length ? (
            <MessageTable messages={found} says="text" caption={t`Messages in its queue`} />
          ) : (
            <p class="pad soft">{t`None is on the phone yet; they wait for it.`}</p>
          );
        }}
      </Loaded>
    </section>
  );
}

function Last({ deviceId }: { deviceId: string }) {
  const last = useMessages({ deviceId, limit: SHOWN });
  return (
    <section class="card of-phone">
      <header>
        <h2>{t`Its last messages`}</h2>
        <a class="push small medium" href={`/messages?deviceId=${deviceId}&span=all`}>
          {t`All its messages`}
        </a>
      </header>
      <Loaded query={last} rows={5}>
        {({ pages }) => {
          const found = pages.flatMap((page) => page.messages).slice(0, SHOWN);
          return found.length ? (
            <MessageTable messages={found} says="text" caption={t`Its last messages`} />
          ) : (
            <Empty icon="messages" title={t`No message yet`}>{t`What this phone sends shows here.`}</Empty>
          );
        }}
      </Loaded>
    </section>
  );
}
