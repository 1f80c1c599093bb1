import { t } from "@lingui/core/macro";
import { type Fact, Facts } from "../../parts/Facts";
import { date, moment } from "../../texts/formats";
import { type Phone, standingWord } from "./phones";

export function Details({ phone }: { phone: Phone }) {
  const { offlineSince } = phone;
  const rows: Fact[] = [
    [t`Status`, standingWord(phone)],
    [t`Offline since`, phone.status === "Offline" && offlineSince ? moment(offlineSince) : undefined],
    [t`Model`, phone.model],
    [t`System`, phone.platform],
    [t`Agent`, phone.appVersion],
    [t`Delivery reports`, phone.deliveryReports ? t`Yes, it can tell that a message arrived` : t`No, its messages end as Sent`],
    [t`Paired`, date(phone.createdAt)],
    [t`Id`, phone.deviceId, true],
  ];
  return (
    <section class="card">
      <header>
        <h2>{t`Details`}</h2>
      </header>
      <div class="pad">
        <Facts rows={rows} />
      </div>
    </section>
  );
}
