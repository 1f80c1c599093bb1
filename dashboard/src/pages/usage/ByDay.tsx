import { t } from "@lingui/core/macro";
import { useUsage } from "../../api/queries";
import { dayBars, filled } from "../../parts/days";
import { Loaded } from "../../parts/Loading";
import { plainDay, plainLongDay } from "../../texts/formats";
import { Chart, Table } from "./Chart";
import type { Span } from "./span";

/** The days of the span, each with its figures. */
export function ByDay({ span }: { span: Span }) {
  const { first, last, length, today } = span;
  const usage = useUsage(first, last);
  const [from, to] = [plainDay(first), plainDay(last)];
  return (
    <Loaded query={usage} rows={8}>
      {({ days, timeZone }) => {
        const shown = filled(first, length, days);
        return (
          <>
            <Chart
              title={t`Messages by day, ${from} to ${to}`}
              bars={dayBars(shown, today)}
              label={(least, greatest) =>
                t`Messages by day: between ${least} and ${greatest} a day. Arrow keys walk the days; the table below has each figure.`
              }
              note={t`Days begin at midnight in ${timeZone}. Figures lag behind by about a minute.`}
            />
            <Table
              lines={shown.map((one) => ({ ...one, key: one.day, name: one.day === today ? t`Today` : plainLongDay(one.day) }))}
              caption={t`Figures by day, newest first`}
              first={t`Day`}
              empty={t`No messages on these days`}
            />
          </>
        );
      }}
    </Loaded>
  );
}
