import { t } from "@lingui/core/macro";
import type { RefObject } from "preact";
import { usePhones } from "../../api/queries";
import { Chooser } from "../../parts/Chooser";
import { Icon } from "../../parts/Icon";
import { stateWord } from "../../parts/State";
import { type Filter, SPANS, type Span } from "./filter";

const STATES = ["Scheduled", "Pending", "Assigned", "Sent", "Delivered", "Failed", "DeadLetter", "Cancelled"];

export function spanName(span: Span): string {
  return { today: t`today`, yesterday: t`yesterday`, week: t`in 7 days`, month: t`in 30 days`, all: t`at any time` }[span];
}

export function Filters({
  filter,
  onChange,
  search,
}: {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  search: RefObject<HTMLInputElement>;
}) {
  const { data: phones = [] } = usePhones();
  const phone = phones.find((one) => one.deviceId === filter.deviceId);
  const isSet = Boolean(filter.status || filter.number || filter.deviceId || filter.span !== "today");
  return (
    <div class="tools" role="search" aria-label={t`Filters`}>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ number: search.current!.value.replace(/[\s().-]/g, "") || undefined });
        }}
      >
        <Icon name="search" />
        <input
          ref={search}
          type="search"
          inputMode="tel"
          aria-label={t`To a number`}
          placeholder={t`To a number`}
          defaultValue={filter.number}
          onInput={(event) => event.currentTarget.value === "" && filter.number && onChange({ number: undefined })}
        />
      </form>
      <div class="filters scroll-x">
        <Chooser
          icon="calendar"
          name={t`Accepted`}
          value={spanName(filter.span)}
          options={SPANS.map((span) => [span, spanName(span)])}
          chosen={filter.span}
          onChoose={(span) => onChange({ span: span as Span })}
        />
        <Chooser
          name={t`Status`}
          value={filter.status?.split(",").map(stateWord).join(", ")}
          options={STATES.map((state) => [state, stateWord(state)])}
          chosen={filter.status}
          onChoose={(status) => onChange({ status })}
        />
        <Chooser
          name={t`Phone`}
          value={filter.deviceId && (phone?.name ?? filter.deviceId)}
          options={phones.map((one) => [one.deviceId, one.name])}
          chosen={filter.deviceId}
          onChoose={(deviceId) => onChange({ deviceId })}
        />
        {isSet && (
          <button
            type="button"
            class="link small"
            onClick={() => onChange({ status: undefined, number: undefined, deviceId: undefined, span: "today" })}
          >
            {t`Clear`}
          </button>
        )}
      </div>
    </div>
  );
}
