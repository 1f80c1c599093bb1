import { t } from "@lingui/core/macro";
import { Code } from "./Code";
import { Fields } from "./Fields";
import { type Answer, type Description, exampleOf, jsonOf, type Operation } from "./openapi";
import { Prose } from "./Prose";

/** What comes back when it goes well: its fields. */
export function Good({ operation, description }: { operation: Operation; description: Description }) {
  return (
    <>
      {goodOnes(operation).map(([status, answer]) => {
        const schema = jsonOf(answer.content)?.schema;
        return (
          <section key={status} class="op-part">
            <h4>
              {t`Answer`} <code>{status}</code>
            </h4>
            <p class="soft">
              <Prose text={answer.description} />
            </p>
            {schema && <Fields schema={schema} description={description} caption={t`Fields of the answer ${status}`} showsRequired={false} />}
          </section>
        );
      })}
    </>
  );
}

/** An example of the first good answer, as it comes. */
export function GoodExample({ operation, description }: { operation: Operation; description: Description }) {
  const [status, answer] = goodOnes(operation)[0] ?? [];
  const media = jsonOf(answer?.content);
  if (!media?.schema) return null;
  const value = media.example ?? Object.values(media.examples ?? {})[0]?.value ?? exampleOf(media.schema, description);
  return <Code name={t`Answer ${status ?? ""}`} code={JSON.stringify(value, null, 2)} />;
}

/** The problems that it may answer with: kind, status and title. */
export function Problems({ operation }: { operation: Operation }) {
  const problems = Object.entries(operation.responses)
    .filter(([status]) => !status.startsWith("2"))
    .flatMap(([status, answer]) =>
      Object.entries(jsonOf(answer.content)?.examples ?? {}).map(([kind, { summary }]) => ({ status, kind, says: summary ?? answer.description })),
    );
  if (!problems.length) return null;
  return (
    <details class="op-part problems">
      <summary>{t`Problems it may answer with`}</summary>
      <table class="fields-table">
        <caption class="sr">{t`Problems`}</caption>
        <colgroup>
          <col class="col-name" />
          <col />
        </colgroup>
        <thead class="sr">
          <tr>
            <th scope="col">{t`Kind`}</th>
            <th scope="col">{t`Meaning`}</th>
          </tr>
        </thead>
        <tbody>
          {problems.map(({ status, kind, says }) => (
            <tr key={status + kind}>
              <th scope="row">
                <code>{kind}</code>
                <span class="faint">{status}</span>
              </th>
              <td>
                <Prose text={says} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function goodOnes(operation: Operation): [string, Answer][] {
  return Object.entries(operation.responses).filter(([status]) => status.startsWith("2"));
}
