import { t } from "@lingui/core/macro";
import { Problem } from "../../api/problems";
import type { Schemas } from "../../api/queries";
import { shown } from "../../texts/variables";
import type { Row } from "./rows";

/** A row that became no message, and why. */
export interface Refused {
  row: Row;
  why: string;
}

const POINTER = /^#?\/recipients\/(\d+)\/(.+)$/;

export function refusedOf(refused: Schemas["RefusedRow"][], rows: Row[]): Refused[] {
  return refused.flatMap(({ row, problem }) => {
    const [fault] = problem.errors;
    return rows[row] ? [{ row: rows[row], why: why(fieldOf(fault?.pointer), problem.detail, kindOf(problem.type)) }] : [];
  });
}

/** The rows that a refusal of the whole names. */
export function refusedBy(error: unknown, rows: Row[]): Refused[] {
  if (!(error instanceof Problem)) return [];
  return (error.body.errors ?? []).flatMap(({ pointer, detail }) => {
    const row = rows[Number(POINTER.exec(pointer)?.[1])];
    return row ? [{ row, why: why(fieldOf(pointer), detail, "") }] : [];
  });
}

function fieldOf(pointer: string | undefined): string {
  const [field = "", name = ""] = POINTER.exec(pointer ?? "")?.[2]?.split("/") ?? [];
  return name ? shown(name) : field;
}

function kindOf(type: string): string {
  return type.split("/").pop() ?? "";
}

function why(field: string, detail: string, kind: string): string {
  if (kind === "recipient-opted-out" || /opted out/.test(detail)) return t`The number has opted out`;
  if (kind === "no-eligible-device") return t`No phone is online that could send it`;
  if (field === "recipient") return t`This is no mobile number of its country`;
  if (field.startsWith("{")) return t`Nothing stands for ${field}`;
  return detail;
}
