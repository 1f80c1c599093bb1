import { t } from "@lingui/core/macro";
import type { useOptOuts } from "../../api/account";
import { Empty, Loaded } from "../../parts/Loading";
import { moment, phoneNumber } from "../../texts/formats";
import { useSourceName } from "./words";

/** The numbers that have opted out, the newest first. */
export function Newest({ found, path }: { found: ReturnType<typeof useOptOuts>; path: (number: string) => string }) {
  return (
    <section class="card" aria-labelledby="newest">
      <header>
        <h2 id="newest">{t`Opted out, newest first`}</h2>
      </header>
      <Loaded query={found} rows={6}>
        {({ pages }) => {
          const numbers = pages.flatMap((page) => page.optOuts);
          return numbers.length ? (
            <Numbers numbers={numbers} path={path} />
          ) : (
            <Empty icon="optout" title={t`Nobody has opted out`}>
              {t`Who writes STOP, or is opted out here, gets no more messages and stands in this list.`}
            </Empty>
          );
        }}
      </Loaded>
      {found.hasNextPage && (
        <footer>
          <button type="button" class="btn small push" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {t`Load older`}
          </button>
        </footer>
      )}
    </section>
  );
}

function Numbers({ numbers, path }: { numbers: { number: string; optedOutAt: string; reason?: string; source: string }[]; path: (number: string) => string }) {
  const named = useSourceName();
  return (
    <div class="table-wrap">
      <table class="table" role="table">
        <caption class="sr">{t`Numbers that have opted out`}</caption>
        <thead role="rowgroup">
          <tr role="row">
            <th scope="col" role="columnheader" class="w-number">{t`Number`}</th>
            <th scope="col" role="columnheader">{t`Reason`}</th>
            <th scope="col" role="columnheader" class="w-by">{t`By`}</th>
            <th scope="col" role="columnheader" class="w-when end">{t`When`}</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {numbers.map((one) => (
            <tr key={one.number} role="row">
              <td role="cell" class="c-to">
                <a class="to num" href={path(one.number)}>
                  {phoneNumber(one.number)}
                </a>
              </td>
              <td role="cell" class="c-text">
                {one.reason ? <bdi class="cut">{one.reason}</bdi> : <span class="faint">{t`None given`}</span>}
              </td>
              <td role="cell" class="c-by soft">
                <span class="cut">{named(one.source)}</span>
              </td>
              <td role="cell" class="c-when end">
                <span class="soft num">{moment(one.optedOutAt)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
