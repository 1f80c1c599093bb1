import { t } from "@lingui/core/macro";
import { useHours } from "../../api/account";
import { hourBars, hourName, wholeDay } from "../../parts/days";
import { Loaded } from "../../parts/Loading";
import { plainLongDay } from "../../texts/formats";
import { Chart, Table } from "./Chart";
import type { Span } from "./span";

/** One day by its hours; of today those so far. */
export function ByHour({ span }: { span: Span }) {
  const { last, today } = span;
  const usage = useHours(last);
  const date = plainLongDay(last);
  return (
    <Loaded query={usage} rows={8}>
      {({ hours, timeZone }) => (
        <>
          <Chart
            title={last === today ? t`Messages today by hour` : t`Messages by hour, ${date}`}
            bars={hourBars(wholeDay(hours))}
            label={(least, greatest) =>
              t`Messages by hour: between ${least} and ${greatest} an hour. Arrow keys walk the hours; the table below has each figure.`
            }
            note={t`Hours in ${timeZone}. Figures lag behind by about a minute.`}
          />
          <Table
            lines={hours.map((one) => ({ ...one, key: one.hour, name: hourName(one) }))}
            caption={t`Figures by hour, newest first`}
            first={t`Hour`}
            empty={t`No messages on this day`}
          />
        </>
      )}
    </Loaded>
  );
}
