import { t } from "@lingui/core/macro";
import { usePastDays } from "../../api/queries";
import { Bars, Legend } from "../../parts/Bars";
import { type Day, dayBars, filled, partsOf } from "../../parts/days";
import { Loaded } from "../../parts/Loading";
import { count, daysAfter, plainLongDay } from "../../texts/formats";

const SHOWN = 14;

/** Messages of the last fourteen days as stacked bars; a table holds every figure. */
export function Days({ today }: { today: Day }) {
  const first = daysAfter(today.day, 1 - SHOWN);
  const usage = usePastDays(first, today.day);
  return (
    <section class="card">
      <header class="chart-head">
        <h2>
          <a class="plain" href="/usage">{t`Messages by day`}</a>
        </h2>
        <Legend />
      </header>
      <Loaded query={usage}>{({ days }) => <Shown days={filled(first, SHOWN, days, today)} today={today.day} />}</Loaded>
    </section>
  );
}

function Shown({ days, today }: { days: Day[]; today: string }) {
  return (
    <>
      <Bars
        bars={dayBars(days, today)}
        label={(least, greatest) =>
          t`Messages by day: between ${least} and ${greatest} a day. Arrow keys walk the days; the table has each figure.`
        }
      />
      <Figures days={days} />
    </>
  );
}

function Figures({ days }: { days: Day[] }) {
  return (
    <div class="sr">
      <table>
        <caption>{t`Messages by day`}</caption>
        <thead>
          <tr>
            <th scope="col">{t`Day`}</th>
            <th scope="col">{t`Delivered`}</th>
            <th scope="col">{t`Sent, no report yet`}</th>
            <th scope="col">{t`Failed`}</th>
          </tr>
        </thead>
        <tbody>
          {days.map((one) => {
            const { delivered, sent, failed } = partsOf(one);
            return (
              <tr key={one.day}>
                <th scope="row">{plainLongDay(one.day)}</th>
                <td>{count(delivered)}</td>
                <td>{count(sent)}</td>
                <td>{count(failed)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
