import { useMutation, useQueryClient } from "@tanstack/preact-query";
import { useRef } from "preact/hooks";
import { api, got } from "../../api/client";
import type { Schemas } from "../../api/queries";
import { filled, namesOf, type Values, valueOf } from "../../texts/variables";
import { type Fields, requestOf } from "../send/fields";
import type { Row } from "./rows";

export type Accepted = Schemas["BulkAccepted"];

/** The text that is sent, its variables as they are written. */
export function textOf({ text, template }: Fields): string {
  return template?.message ?? text;
}

/** What a row's recipient gets. */
export function messageTo(row: Row, fields: Fields): string {
  return filled(textOf(fields), row.values);
}

/** The variables of the text for which a row has no value. */
export function missingIn(row: Row, names: string[]): string[] {
  return names.filter((name) => valueOf(row.values, name) === undefined);
}

/** What the API is asked to send to all of them. */
export function bulkOf(fields: Fields, rows: Row[]): Schemas["BulkRequest"] {
  const { recipient: _, variables: __, clientReference: ___, ...common } = requestOf(fields);
  const names = namesOf(textOf(fields));
  return {
    ...common,
    recipients: rows.map((row) => ({ recipient: row.recipient, ...(names.length > 0 && { variables: valuesOf(row, names) }) })),
  };
}

function valuesOf(row: Row, names: string[]): Values {
  return Object.fromEntries(names.flatMap((name) => (valueOf(row.values, name) === undefined ? [] : [[name, valueOf(row.values, name)!]])));
}

/** Sends to many. The same request that is tried again has the same key, so that nobody gets it twice. */
export function useSendMany(onSent: (accepted: Accepted, rows: Row[]) => void) {
  const queries = useQueryClient();
  const key = useRef({ of: "", is: "" });
  return useMutation({
    mutationFn: ({ fields, rows }: { fields: Fields; rows: Row[] }) => {
      const request = bulkOf(fields, rows);
      const of = JSON.stringify(request);
      if (key.current.of !== of) key.current = { of, is: crypto.randomUUID() };
      return got(api().POST("/console/batches", { body: { ...request, idempotencyKey: key.current.is } }));
    },
    onSuccess: (accepted, { rows }) => {
      key.current = { of: "", is: "" };
      for (const name of ["messages", "batches", "overview"]) void queries.invalidateQueries({ queryKey: [name] });
      onSent(accepted, rows);
    },
  });
}
