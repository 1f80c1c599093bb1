import { plural, t } from "@lingui/core/macro";
import { Icon } from "../../parts/Icon";
import { OfflineNote } from "../../parts/Offline";
import { Page } from "../../shell/Page";
import { ByDay } from "./ByDay";
import { ByHour } from "./ByHour";
import { LENGTHS, type Length, type Span, useSpan } from "./span";
import "../../styles/usage.css";

export default function Usage() {
  const [span, change] = useSpan();
  return (
    <Page title={t`Usage`}>
      <OfflineNote />
      <Spans span={span} onChange={change} />
      {span.length === 1 ? <ByHour span={span} /> : <ByDay span={span} />}
    </Page>
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
