import { plural, t } from "@lingui/core/macro";
import { useUsage } from "../../api/queries";
import { Bars, Legend } from "../../parts/Bars";
import { dayBars, filled } from "../../parts/days";
import { Icon } from "../../parts/Icon";
import { Empty, Loaded } from "../../parts/Loading";
import { OfflineNote } from "../../parts/Offline";
import { Page } from "../../shell/Page";
import { plainDay } from "../../texts/formats";
import { Figures } from "./Figures";
import { LENGTHS, type Length, type Span, useSpan } from "./span";
import "../../styles/usage.css";

export default function Usage() {
  const [span, change] = useSpan();
  const usage = useUsage(span.first, span.last);
  const [from, to] = [plainDay(span.first), plainDay(span.last)];
  return (
    <Page title={t`Usage`}>
      <OfflineNote />
      <Spans span={span} onChange={change} />
      <section class="card">
        <header class="chart-head">
          <h2>{t`Messages by day, ${from} to ${to}`}</h2>
          <Legend />
        </header>
        <Loaded query={usage} rows={6}>
          {({ days, timeZone }) => {
            const shown = filled(span.first, span.length, days);
            return (
              <>
                <Bars
                  bars={dayBars(shown, span.today)}
                  label={(least, greatest) =>
                    t`Messages by day: between ${least} and ${greatest} a day. Arrow keys walk the days; the table below has each figure.`
                  }
                />
                <footer>
                  <span>{t`Days begin at midnight in ${timeZone}. Figures lag behind by about a minute.`}</span>
                </footer>
              </>
            );
          }}
        </Loaded>
      </section>
      {usage.data && <Table days={filled(span.first, span.length, usage.data.days)} today={span.today} />}
    </Page>
  );
}

function Table({ days, today }: { days: ReturnType<typeof filled>; today: string }) {
  const isEmpty = days.every((one) => !one.accepted && !one.sent && !one.delivered && !one.failed && !one.dead);
  return (
    <section class="card">
      {isEmpty ? (
        <Empty icon="usage" title={t`No messages on these days`}>
          {t`What is sent shows here a minute later, by day.`}
        </Empty>
      ) : (
        <Figures days={days} today={today} />
      )}
    </section>
  );
}

function Spans({ span, onChange }: { span: Span; onChange: (change: { length?: Length; step?: number }) => void }) {
  return (
    <div class="tools">
      <div class="seg" role="group" aria-label={t`How many days`}>
        {LENGTHS.map((length) => (
          <button key={length} type="button" aria-pressed={length === span.length} onClick={() => onChange({ length })}>
            {plural(length, { one: "# day", other: "# days" })}
          </button>
        ))}
      </div>
      <button type="button" class="btn" disabled={!span.hasEarlier} onClick={() => onChange({ step: -1 })}>
        <Icon name="left" />
        {t`Earlier`}
      </button>
      <button type="button" class="btn" disabled={!span.hasLater} onClick={() => onChange({ step: 1 })}>
        {t`Later`}
        <Icon name="right" />
      </button>
    </div>
  );
}
