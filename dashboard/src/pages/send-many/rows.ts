import type { Values } from "../../texts/variables";

/** A recipient, and the values for its message. */
export interface Row {
  recipient: string;
  values: Values;
  /** As it was written, and in which line, from 1. */
  source: string;
  line: number;
}

export interface Sheet {
  rows: Row[];
  /** Names of the columns with values. */
  columns: string[];
  /** The line with the names, if there is one. */
  head: string | undefined;
}

const NUMBER_COLUMNS = ["number", "recipient", "to", "phone", "mobile", "namba", "simu", "nambari"];
const SEPARATORS = [",", ";", "\t"];
const DIGIT = /\d/;

/**
 * Recipients as they are pasted or read from a file: a number a line, or a table (RFC 4180; also with semicolons or
 * tabs) whose first line has the names of its columns. The numbers stand in the column that is called so, or else in
 * the first. Empty lines are left out, and so are empty cells: what has no value is refused, not sent with a gap.
 */
export function sheetOf(text: string): Sheet {
  const separator = separatorOf(text);
  const records = recordsOf(text, separator).filter(({ cells }) => cells.some((cell) => cell !== ""));
  const first = records[0];
  const isHead = first !== undefined && !first.cells.some((cell) => DIGIT.test(cell) && !/[A-Za-z_]/.test(cell)) && first.cells.some((cell) => /\p{L}/u.test(cell));
  const names = isHead ? first.cells : [];
  const at = Math.max(0, names.findIndex((name) => NUMBER_COLUMNS.includes(name.toLowerCase())));
  const rows = records.slice(isHead ? 1 : 0).map(({ cells, source, line }) => ({
    recipient: cells[at] ?? "",
    values: Object.fromEntries(names.flatMap((name, column) => (column !== at && name && cells[column] ? [[name, cells[column]!]] : []))) as Values,
    source,
    line,
  }));
  return { rows, columns: names.filter((name, column) => column !== at && name), head: isHead ? first.source : undefined };
}

/** What divides the cells: what the first line has most of. A list of numbers has none. */
function separatorOf(text: string): string {
  const first = /[^\n]+/.exec(text)?.[0] ?? "";
  const found = SEPARATORS.map((one) => [first.split(one).length, one] as const);
  return found.reduce((best, one) => (one[0] > best[0] ? one : best))[1];
}

interface Written {
  cells: string[];
  source: string;
  line: number;
}

/** Records of a table; a cell in quotes may hold the separator, line ends, and quotes written twice. */
function recordsOf(text: string, separator: string): Written[] {
  const whole = text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const records: Written[] = [];
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  let start = 0;
  let line = 1;
  let begun = 1;
  const endCell = () => {
    cells.push(cell.trim());
    cell = "";
  };
  for (let at = 0; at <= whole.length; at += 1) {
    const one = whole[at];
    if (one === "\n") line += 1;
    if (isQuoted && one !== undefined) {
      if (one !== '"') cell += one;
      else if (whole[at + 1] === '"') {
        cell += one;
        at += 1;
      } else isQuoted = false;
    } else if (one === '"' && cell.trim() === "") {
      cell = "";
      isQuoted = true;
    } else if (one === separator) endCell();
    else if (one === "\n" || one === undefined) {
      endCell();
      records.push({ cells, source: whole.slice(start, at), line: begun });
      cells = [];
      start = at + 1;
      begun = line;
    } else cell += one;
  }
  return records;
}

/** A file's text: UTF-8, or as spreadsheets on Windows save it. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
