import { t } from "@lingui/core/macro";
import { count } from "../../texts/formats";
import { type Description, plain, type Schema } from "./openapi";
import { Prose } from "./Prose";

const DEEPEST = 4;

interface Row {
  name: string;
  depth: number;
  isRequired: boolean;
  schema: Schema;
  type: string;
}

/** The fields of a body or an answer, those within others below them. */
export function Fields({ schema, description, caption, showsRequired = true }: { schema: Schema; description: Description; caption: string; showsRequired?: boolean }) {
  return <FieldTable rows={rowsOf(schema, description)} caption={caption} showsRequired={showsRequired} />;
}

/** Fields, or parameters, with what each may be. */
export function FieldTable({ rows, caption, showsRequired = true }: { rows: Row[]; caption: string; showsRequired?: boolean }) {
  if (!rows.length) return null;
  return (
    <table class="fields-table">
      <caption class="sr">{caption}</caption>
      <colgroup>
        <col class="col-name" />
        <col />
      </colgroup>
      <thead class="sr">
        <tr>
          <th scope="col">{t`Name`}</th>
          <th scope="col">{t`What it is`}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            <th scope="row" style={{ paddingInlineStart: `${row.depth}rem` }}>
              <code>{row.name}</code>
              <span class="faint">
                {row.type}
                {showsRequired && row.isRequired && <span class="must">{t`required`}</span>}
              </span>
            </th>
            <td>
              {row.schema.description && (
                <p>
                  <Prose text={row.schema.description} />
                </p>
              )}
              <Limits schema={row.schema} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Limits({ schema }: { schema: Schema }) {
  const inner = schema.items?.enum ? schema.items : schema;
  const said = [between(schema.minimum, schema.maximum, "value"), between(schema.minLength, schema.maxLength, "length"), between(schema.minItems, schema.maxItems, "items")];
  const standard = schema.default === undefined ? "" : JSON.stringify(schema.default);
  if (standard) said.push(t`${standard} unless you say otherwise`);
  const shown = said.filter(Boolean);
  return (
    <>
      {inner.enum && (
        <p class="values">
          {inner.enum.map((value) => (
            <code key={String(value)}>{String(value).split("/problems/").pop()}</code>
          ))}
        </p>
      )}
      {shown.length > 0 && <p class="faint">{shown.join(" · ")}</p>}
    </>
  );
}

function between(least: number | undefined, most: number | undefined, of: "value" | "length" | "items"): string {
  if (most === undefined) return "";
  const [from, to] = [count(least ?? 0), count(most)];
  return { value: t`${from} to ${to}`, length: t`${from} to ${to} characters`, items: t`${from} to ${to} entries` }[of];
}

/** The fields of a schema in the order of the document; of a list, those of what it holds. */
export function rowsOf(schema: Schema, description: Description, depth = 0, prefix = ""): Row[] {
  const own = plain(schema, description);
  if (own.items && !own.properties) return rowsOf(own.items, description, depth, prefix);
  const rows: Row[] = [];
  for (const [name, property] of Object.entries(own.properties ?? {})) {
    const field = plain(property, description);
    rows.push({ name: prefix + name, depth, isRequired: own.required?.includes(name) ?? false, schema: field, type: typeOf(field, description) });
    const inner = field.items ? plain(field.items, description) : field;
    const held = inner.anyOf?.map((one) => plain(one, description)).find((one) => one.properties) ?? inner;
    if (held.properties && depth < DEEPEST) rows.push(...rowsOf(held, description, depth + 1));
  }
  return rows;
}

/** A type as people say it. */
export function typeOf(schema: Schema, description: Description): string {
  const own = plain(schema, description);
  if (own.anyOf) return own.anyOf.map((one) => typeOf(one, description)).join(" | ");
  if (own.items) return `${typeOf(own.items, description)}[]`;
  return own.format ?? own.type ?? "";
}
