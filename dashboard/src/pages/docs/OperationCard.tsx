import { t } from "@lingui/core/macro";
import { publicApiUrl } from "../../api/client";
import { Good, GoodExample, Problems } from "./Answers";
import { Code, Snippet } from "./Code";
import { Fields, FieldTable, typeOf } from "./Fields";
import { type Description, exampleOf, jsonOf, type Operation, plain } from "./openapi";
import { Prose } from "./Prose";
import type { Request } from "./snippets";

/** One operation: what it does and takes left, how that looks right. `#operationId` leads to it. */
export function OperationCard({ operation, description }: { operation: Operation; description: Description }) {
  const { operationId, summary, method, path } = operation;
  const body = jsonOf(operation.requestBody?.content)?.schema;
  return (
    <article class="op" id={operationId} aria-labelledby={`${operationId}-name`} tabIndex={-1}>
      <div class="op-says">
        <h3 id={`${operationId}-name`} lang="en">
          {summary}
          <a class="anchor" href={`#${operationId}`} aria-label={t`Link to ${summary}`}>
            #
          </a>
        </h3>
        <p class="op-path">
          <span class="tag">{method}</span>
          <code>{path}</code>
        </p>
        {operation.description && (
          <p>
            <Prose text={operation.description} />
          </p>
        )}
      </div>
      <div class="op-shows">
        <Snippet request={requestOf(operation, description)} summary={summary} />
        <GoodExample operation={operation} description={description} />
      </div>
      <div class="op-details">
        <Parameters operation={operation} description={description} />
        {body && (
          <section class="op-part">
            <h4>{t`Body`}</h4>
            <Fields schema={body} description={description} caption={t`Fields of the body`} />
          </section>
        )}
        <Good operation={operation} description={description} />
        <Problems operation={operation} />
      </div>
    </article>
  );
}

function Parameters({ operation, description }: { operation: Operation; description: Description }) {
  const rows = (operation.parameters ?? []).map(({ name, required = false, schema, description: says }) => {
    const own = plain(schema, description);
    return { name, depth: 0, isRequired: required, schema: { ...own, description: says ?? own.description }, type: typeOf(own, description) };
  });
  if (!rows.length) return null;
  return (
    <section class="op-part">
      <h4>{t`Parameters`}</h4>
      <FieldTable rows={rows} caption={t`Parameters`} />
    </section>
  );
}

/** The request as it may be sent: the account's own address, example values for what must be given. */
export function requestOf(operation: Operation, description: Description): Request {
  const { method, path, needsKey, parameters = [] } = operation;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.in === "path" && one.name === name);
    const value = parameter?.example ?? (parameter && exampleOf(parameter.schema, description)) ?? name;
    return encodeURIComponent(String(value));
  });
  const schema = jsonOf(operation.requestBody?.content)?.schema;
  return { method, url: publicApiUrl() + filled, needsKey, body: schema && exampleOf(schema, description, true) };
}

/** An event as it comes to a webhook. */
export function EventCard({ event, description }: { event: Operation; description: Description }) {
  const media = jsonOf(event.requestBody?.content);
  const examples = Object.entries(media?.examples ?? {});
  const shown = examples.length
    ? examples.map(([name, { value }]) => [name, value] as const)
    : media?.schema
      ? [[event.path, media.example ?? exampleOf(media.schema, description)] as const]
      : [];
  return (
    <article class="op" id={event.operationId} aria-labelledby={`${event.operationId}-name`} tabIndex={-1}>
      <div class="op-says">
        <h3 id={`${event.operationId}-name`}>
          <code>{event.path}</code>
        </h3>
        <p>
          <Prose text={event.description ?? event.summary} />
        </p>
      </div>
      <div class="op-shows">
        {shown.map(([name, value]) => (
          <Code key={name} name={name} code={JSON.stringify(value, null, 2)} />
        ))}
      </div>
      <div class="op-details">
        {media?.schema && (
          <section class="op-part">
            <h4>{t`Body`}</h4>
            <Fields schema={media.schema} description={description} caption={t`Fields of the event`} showsRequired={false} />
          </section>
        )}
      </div>
    </article>
  );
}
