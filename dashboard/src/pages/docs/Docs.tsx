import { plural, t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/preact-query";
import { useEffect, useRef, useState } from "preact/hooks";
import { fetchDescription, publicApiUrl } from "../../api/client";
import { Copy } from "../../parts/controls";
import { Icon } from "../../parts/Icon";
import { Empty, Loaded } from "../../parts/Loading";
import { useMay } from "../../session/role";
import { useKeys } from "../../shell/keys";
import { Page } from "../../shell/Page";
import { Languages } from "./Code";
import { Contents } from "./Contents";
import { type Description, eventsOf, groupsOf } from "./openapi";
import { EventCard, OperationCard } from "./OperationCard";
import { Prose } from "./Prose";
import { finds } from "./search";
import "../../styles/docs.css";

/** The API for programs, read from the description that the API itself serves. */
export default function Docs() {
  const isOwner = useMay("owner");
  const description = useQuery({
    queryKey: ["openapi"],
    queryFn: async () => (await fetchDescription()) as Description,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Page
      title={t`API reference`}
      live={false}
      actions={
        isOwner && (
          <a class="btn only-wide" href="/clients">
            <Icon name="key" />
            {t`API clients`}
          </a>
        )
      }
    >
      <Loaded query={description} rows={12}>
        {(found) => <Reference description={found} />}
      </Loaded>
    </Page>
  );
}

function Reference({ description }: { description: Description }) {
  const [typed, type] = useState("");
  const search = useRef<HTMLInputElement>(null);
  useKeys({ "/": () => search.current?.focus() });
  useAnchor();
  const groups = groupsOf(description)
    .map((group) => ({ ...group, operations: group.operations.filter((one) => finds(one, typed, description)) }))
    .filter((group) => group.operations.length > 0);
  const events = eventsOf(description).filter((one) => finds(one, typed, description));
  const found = groups.reduce((sum, group) => sum + group.operations.length, events.length);
  return (
    <div class="docs">
      <div class="docs-side">
        <div class="search">
          <Icon name="search" />
          <input
            ref={search}
            type="search"
            aria-label={t`Search the reference`}
            placeholder={t`Search the reference`}
            value={typed}
            onInput={(event) => type(event.currentTarget.value)}
          />
        </div>
        <p class="sr" role="status">
          {typed && plural(found, { one: "# operation found", other: "# operations found" })}
        </p>
        <Contents groups={groups} events={events} />
      </div>
      <div class="docs-main">
        {!typed && <Intro description={description} />}
        {groups.map((group) => (
          <section key={group.name} class="docs-group" aria-label={group.name}>
            <header lang="en">
              <h2>{group.name}</h2>
              {group.description && (
                <p class="soft">
                  <Prose text={group.description} />
                </p>
              )}
            </header>
            {group.operations.map((operation) => (
              <OperationCard key={operation.operationId} operation={operation} description={description} />
            ))}
          </section>
        ))}
        {events.length > 0 && (
          <section class="docs-group" aria-label={t`Events`}>
            <header>
              <h2>{t`Events`}</h2>
              <p class="soft">{t`What is sent to your webhooks, and signed.`}</p>
            </header>
            {events.map((event) => (
              <EventCard key={event.operationId} event={event} description={description} />
            ))}
          </section>
        )}
        {found === 0 && (
          <section class="card">
            <Empty icon="search" title={t`Nothing in the reference fits`}>
              {t`Search for an address, a field or a problem, such as idempotencyKey.`}
            </Empty>
          </section>
        )}
      </div>
    </div>
  );
}

function Intro({ description }: { description: Description }) {
  return (
    <section class="docs-intro" aria-label={t`Before the first request`}>
      <p>
        <Prose text={description.info.description ?? ""} />
      </p>
      <dl class="facts">
        <dt>{t`Base address`}</dt>
        <dd class="row">
          <code class="mono">{publicApiUrl()}</code>
          <Copy value={publicApiUrl()} />
        </dd>
        <dt>{t`Your key`}</dt>
        <dd>
          <span>{t`The examples read it from the environment, as SMSKIT_API_KEY.`}</span> <a href="/clients">{t`Make one`}</a>
        </dd>
        <dt>{t`Examples in`}</dt>
        <dd>
          <Languages />
        </dd>
      </dl>
    </section>
  );
}

/** Goes to what the address names, once it is there: the document comes after the page. */
function useAnchor(): void {
  useEffect(() => {
    function go() {
      const id = decodeURIComponent(location.hash.slice(1));
      const target = id && document.getElementById(id);
      if (!target) return;
      target.scrollIntoView();
      target.focus({ preventScroll: true });
    }
    go();
    addEventListener("hashchange", go);
    return () => removeEventListener("hashchange", go);
  }, []);
}
