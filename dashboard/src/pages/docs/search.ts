import { type Description, jsonOf, type Operation, plain, type Schema } from "./openapi";

/** Whether every word stands somewhere in an operation: in its address, its words, or the names of its fields. */
export function finds(operation: Operation, typed: string, description: Description): boolean {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return true;
  const text = textOf(operation, description);
  return words.every((word) => text.includes(word));
}

const known = new WeakMap<Operation, string>();

function textOf(operation: Operation, description: Description): string {
  const before = known.get(operation);
  if (before !== undefined) return before;
  const schemas = [jsonOf(operation.requestBody?.content)?.schema, ...Object.values(operation.responses).map((answer) => jsonOf(answer.content)?.schema)];
  const kinds = Object.values(operation.responses).flatMap((answer) => Object.keys(jsonOf(answer.content)?.examples ?? {}));
  const pieces = [
    operation.method,
    operation.path,
    operation.operationId,
    operation.summary,
    operation.description ?? "",
    ...(operation.parameters ?? []).map(({ name }) => name),
    ...kinds,
    ...schemas.flatMap((schema) => (schema ? namesOf(schema, description) : [])),
  ];
  const text = pieces.join(" ").toLowerCase();
  known.set(operation, text);
  return text;
}

function namesOf(schema: Schema, description: Description): string[] {
  const own = plain(schema, description);
  return Object.entries(own.properties ?? {}).flatMap(([name, property]) => [name, plain(property, description).description ?? ""]);
}
