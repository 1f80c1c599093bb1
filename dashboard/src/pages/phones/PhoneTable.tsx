import { plural, t } from "@lingui/core/macro";
import { Meter } from "../../parts/controls";
import { Ago } from "../../parts/now";
import { count } from "../../texts/formats";
import { Head } from "../messages/MessageTable";
import { budgetOf, isFailing } from "../overview/Fleet";
import { PhoneMenu } from "./PhoneMenu";
import { DOTS } from "./PhoneCard";
import { LOW, type Phone, standing, standingWord } from "./phones";
import { Battery, Network } from "./Vitals";

/** Many phones, a row each: what their cards say, without the SIMs one by one. */
export function PhoneTable({ phones }: { phones: Phone[] }) {
  return (
    <section class="card">
      <div class="table-wrap">
        <table class="table phone-table" role="table">
          <caption class="sr">{t`Phones, by name`}</caption>
          <thead role="rowgroup">
            <tr role="row">
              <Head>{t`Phone`}</Head>
              <Head className="w-state">{t`Heard`}</Head>
              <Head className="w-batt">{t`Battery`}</Head>
              <Head className="w-net">{t`Network`}</Head>
              <Head className="w-sims">{t`SIMs`}</Head>
              <Head className="w-left">{t`Left this hour`}</Head>
              <Head className="w-queue end">{t`Queue`}</Head>
              <Head className="w-act end">
                <span class="sr">{t`Actions`}</span>
              </Head>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {phones.map((phone) => (
              <Row key={phone.deviceId} phone={phone} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ phone }: { phone: Phone }) {
  const state = standing(phone);
  const usable = phone.sims.filter((sim) => sim.isEnabled).length;
  const all = phone.sims.length;
  const failing = phone.sims.filter(isFailing).length;
  return (
    <tr role="row">
      <td role="cell" class="c-to">
        <span class="row">
          <span class={DOTS[state]} />
          <a class="to cut" href={`/phones/${phone.deviceId}`}>
            <bdi>{phone.name}</bdi>
          </a>
          <span class="sr">{standingWord(phone)}</span>
        </span>
        {failing > 0 && <span class="failing">{plural(failing, { one: "# SIM fails its messages", other: "# SIMs fail their messages" })}</span>}
      </td>
      <td role="cell" class="c-state">
        <span class="soft">
          {state === "disabled" ? standingWord(phone) : phone.lastHeartbeatAt ? <Ago at={phone.lastHeartbeatAt} say={(age) => t`${age} ago`} /> : t`never`}
        </span>
      </td>
      <td role="cell" class="c-gone vital">
        <Battery phone={phone} />
      </td>
      <td role="cell" class="c-gone vital">
        <Network phone={phone} />
      </td>
      <td role="cell" class="c-gone">
        <span class="soft">{usable === all ? plural(all, { one: "# SIM", other: "# SIMs" }) : t`${usable} of ${all} SIMs`}</span>
      </td>
      <td role="cell" class="c-phone">{state === "online" ? <Left phone={phone} /> : <span class="faint">–</span>}</td>
      <td role="cell" class="c-gone end num">{count(phone.pendingJobCount)}</td>
      <td role="cell" class="c-when w-act end">
        <PhoneMenu phone={phone} />
      </td>
    </tr>
  );
}

function Left({ phone }: { phone: Phone }) {
  const { left, limit } = budgetOf(phone);
  const leftSaid = count(left);
  const limitSaid = count(limit);
  return (
    <span class="left">
      <Meter part={left} whole={limit} low={left < limit * LOW} />
      <span class="num soft">{t`${leftSaid} of ${limitSaid}`}</span>
    </span>
  );
}
