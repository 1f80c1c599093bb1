/** What of an OpenAPI 3.1 document the reference shows. */
export interface Schema {
  $ref?: string;
  type?: string;
  title?: string;
  description?: string;
  format?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  examples?: unknown[];
  example?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

export interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema: Schema;
  example?: unknown;
}

interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, { summary?: string; value?: unknown }>;
}

export interface Answer {
  description: string;
  content?: Record<string, Media>;
}

interface RawOperation {
  operationId: string;
  summary: string;
  description?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, Answer>;
  security?: object[];
}

export interface Description {
  info: { title: string; version: string; description?: string };
  tags?: { name: string; description?: string }[];
  paths: Record<string, Record<string, RawOperation>>;
  webhooks?: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Operation extends RawOperation {
  method: string;
  path: string;
  needsKey: boolean;
}

export interface Group {
  name: string;
  description?: string;
  operations: Operation[];
}

const DEEPEST = 6;

/** The operations by their tags: what makes a thing first, then its list, then what is done to one. */
export function groupsOf(description: Description): Group[] {
  const operations = flat(description.paths);
  return (description.tags ?? [])
    .map(({ name, description: says }) => ({ name, description: says, operations: inOrder(operations.filter(({ tags }) => tags?.includes(name))) }))
    .filter((group) => group.operations.length > 0);
}

function inOrder(operations: Operation[]): Operation[] {
  const rank = ({ method, path }: Operation) => (path.includes("{") ? 2 : method === "POST" ? 0 : 1);
  return operations.toSorted((one, other) => rank(one) - rank(other));
}

/** What is sent to webhooks, where the document says so. */
export function eventsOf(description: Description): Operation[] {
  return flat(description.webhooks ?? {});
}

function flat(paths: Record<string, Record<string, RawOperation>>): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, one]) => one.operationId)
      .map(([method, one]) => ({ ...one, method: method.toUpperCase(), path, needsKey: Boolean(one.security?.length) })),
  );
}

/** The schema that a reference means, or the one that isn't `null` of two. */
export function plain(schema: Schema, description: Description): Schema {
  if (schema.$ref) {
    const named = description.components.schemas[schema.$ref.split("/").pop()!] ?? {};
    return { ...named, ...(schema.description ? { description: schema.description } : {}) };
  }
  const others = schema.anyOf?.filter((one) => one.type !== "null");
  if (others?.length === 1) return { ...others[0]!, description: others[0]!.description ?? schema.description };
  return schema;
}

/** The schema of a body or an answer, if it is JSON. */
export function jsonOf(content: Record<string, Media> | undefined): Media | undefined {
  return content?.["application/json"] ?? content?.["application/problem+json"];
}

/** What a value of this schema looks like. `isShort`: a request with what it must have, and with the key that makes a retry safe. */
export function exampleOf(schema: Schema, description: Description, isShort = false, depth = 0): unknown {
  const own = plain(schema, description);
  if (own.examples?.length) return own.examples[0];
  if (own.example !== undefined) return own.example;
  if (own.const !== undefined) return own.const;
  if (own.default !== undefined) return own.default;
  if (own.enum?.length) return own.enum[0];
  if (depth > DEEPEST) return null;
  if (own.anyOf?.length) return exampleOf(own.anyOf[0]!, description, isShort, depth + 1);
  if (own.properties) return objectOf(own, description, isShort, depth);
  if (own.items) return [exampleOf(own.items, description, isShort, depth + 1)];
  return { string: "…", integer: 0, number: 0, boolean: true }[own.type ?? ""] ?? null;
}

function objectOf(schema: Schema, description: Description, isShort: boolean, depth: number): Record<string, unknown> {
  const must = schema.required ?? [];
  const shown = Object.entries(schema.properties ?? {}).filter(
    ([name]) => !isShort || must.length === 0 || must.includes(name) || name === "idempotencyKey",
  );
  return Object.fromEntries(shown.map(([name, property]) => [name, exampleOf(property, description, isShort, depth + 1)]));
}
