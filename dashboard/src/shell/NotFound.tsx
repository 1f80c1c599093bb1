import { t } from "@lingui/core/macro";
import { Empty } from "../parts/Loading";
import { Page } from "./Page";

/** Says no more than that: whether the thing exists in another account is nobody's business here. */
export function NotFound() {
  return (
    <Page title={t`Not found`} live={false}>
      <section class="card">
        <Empty
          icon="search"
          title={t`There is nothing at this address`}
          action={
            <a class="btn" href="/">
              {t`Go to the overview`}
            </a>
          }
        >
          {t`It may have been removed, or belong to another account.`}
        </Empty>
      </section>
    </Page>
  );
}
