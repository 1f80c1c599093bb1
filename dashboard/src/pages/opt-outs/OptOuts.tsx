import { t } from "@lingui/core/macro";
import { useLocation } from "preact-iso";
import { useRef } from "preact/hooks";
import { useOptOuts } from "../../api/account";
import { Icon } from "../../parts/Icon";
import { OfflineNote } from "../../parts/Offline";
import { useMay } from "../../session/role";
import { useKeys } from "../../shell/keys";
import { Page } from "../../shell/Page";
import { OptOut } from "./dialogs";
import { Newest } from "./Newest";
import { Result } from "./Result";
import "../../styles/timeline.css";
import "../../styles/opt-outs.css";

/** May I write to this number, and if not, why? */
export default function OptOuts() {
  const { query, route } = useLocation();
  const canChange = useMay("operator");
  const newest = useOptOuts();
  const search = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => search.current?.focus() });
  const number = query.number ?? "";

  function address(wanted: { number?: string; isNew?: boolean }): string {
    const next = new URLSearchParams();
    if (wanted.number) next.set("number", wanted.number);
    if (wanted.isNew) next.set("new", "1");
    const text = next.toString();
    return text ? `/opt-outs?${text}` : "/opt-outs";
  }

  return (
    <Page
      title={t`Opt-outs`}
      actions={
        canChange && (
          <a class="btn primary" href={address({ number, isNew: true })}>
            <Icon name="optout" />
            <span class="only-wide">{t`Opt a number out`}</span>
            <span class="only-narrow">{t`Opt out`}</span>
          </a>
        )
      }
    >
      <OfflineNote />
      <Search key={number} number={number} input={search} onSearch={(wanted) => route(address({ number: wanted }))} />
      {number && <Result key={number} asked={number} onOptOut={(found) => route(address({ number: found, isNew: true }))} />}
      <Newest found={newest} path={(wanted) => address({ number: wanted })} />
      {canChange && query.new && (
        <OptOut
          number={number}
          onDone={(kept) => route(address({ number: kept }), true)}
          onClose={() => route(address({ number }), true)}
        />
      )}
    </Page>
  );
}

function Search({ number, input, onSearch }: { number: string; input: preact.RefObject<HTMLInputElement>; onSearch: (number: string) => void }) {
  return (
    <form
      class="lookup"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(input.current!.value.replace(/[\s().-]/g, ""));
      }}
    >
      <div class="search">
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          inputMode="tel"
          aria-label={t`May I write to this number?`}
          placeholder={t`May I write to this number?`}
          defaultValue={number}
          onInput={(event) => event.currentTarget.value === "" && number && onSearch("")}
        />
      </div>
      <button type="submit" class="btn">
        {t`Look up`}
      </button>
    </form>
  );
}
