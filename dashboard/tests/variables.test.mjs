/** Texts with variables, and the recipients that bring their values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const options = { root, configFile: false, logLevel: "error" };
const { filled, namesOf, read } = (await runnerImport(`${root}src/texts/variables.ts`, options)).module;
const { sheetOf, textOf } = (await runnerImport(`${root}src/pages/send-many/rows.ts`, options)).module;

test("a text has its variables, each once, and braces that are written twice", () => {
  assert.deepEqual(namesOf("Hello {name}, {{code}} {_x1} {name}"), ["name", "_x1"]);
  assert.equal(filled("Hello {name}: {{{code}}} }}{{", { name: "Asha", code: "4711" }), "Hello Asha: {4711} }{");
  assert.equal(filled("Hello {name}", {}), "Hello {name}");
  assert.equal(filled("Hello {name}", {}, ""), "Hello ");
  assert.equal(filled("{constructor}", {}), "{constructor}");
});

test("a brace that stands alone, or a name that is none, is wrong and stays as it is written", () => {
  for (const [text, wrong] of [["a { b", "{"], ["a } b", "}"], ["{}", "{}"], ["{1st}", "{1st}"], ["{na me}", "{na me}"], [`{${"x".repeat(65)}}`, `{${"x".repeat(65)}}`]]) {
    assert.equal(read(text).wrong, wrong, text);
    assert.equal(filled(text, {}), text);
  }
  assert.equal(read(`{${"x".repeat(64)}} {{ }} ok`).wrong, undefined);
});

test("numbers a line need no names, and empty lines are none", () => {
  const { rows, columns, head } = sheetOf("0712 345 678\r\n\r\n+254722345678\n  \n");
  assert.deepEqual(
    rows.map(({ recipient, line }) => [recipient, line]),
    [["0712 345 678", 1], ["+254722345678", 3]],
  );
  assert.deepEqual([columns, head], [[], undefined]);
});

test("a table has its names on top, whatever divides its cells", () => {
  for (const separator of [",", ";", "\t"]) {
    const lines = [["name", "Number", "amount", ""], ["Asha", "0712345678", "1500", "x"], ["Peter", "0722345678", "", ""]];
    const { rows, columns, head } = sheetOf(`\uFEFF${lines.map((cells) => cells.join(separator)).join("\n")}`);
    assert.deepEqual(columns, ["name", "amount"]);
    assert.equal(head, lines[0].join(separator));
    assert.deepEqual(rows[0].values, { name: "Asha", amount: "1500" });
    assert.deepEqual([rows[1].recipient, rows[1].values, rows[1].line], ["0722345678", { name: "Peter" }, 3]);
  }
});

test("a column without a known name for numbers is the first, also where a name is one of JavaScript's", () => {
  const { rows } = sheetOf("who,toString,__proto__\n0712345678,a,b");
  assert.equal(rows[0].recipient, "0712345678");
  assert.equal(filled("{toString} {__proto__}", rows[0].values), "a b");
});

test("a cell in quotes holds what divides others, line ends and quotes", () => {
  const text = 'number,says\n0712345678,"Hello, ""Asha""\nsee you; soon"\n0722345678,plain\n';
  const { rows } = sheetOf(text);
  assert.equal(rows[0].values.says, 'Hello, "Asha"\nsee you; soon');
  assert.deepEqual(rows.map(({ line }) => line), [2, 4]);
  assert.equal(rows[0].source, '0712345678,"Hello, ""Asha""\nsee you; soon"');
  // What was refused goes back into the form as it was written, and means the same there.
  assert.deepEqual(sheetOf(["number,says", ...rows.map(({ source }) => source)].join("\n")).rows, rows);
});

test("a quote that is never closed takes the rest, and loses nothing before it", () => {
  const { rows } = sheetOf('number,says\n0712345678,a\n0722345678,"b\n0733345678,c');
  assert.deepEqual(rows.map(({ recipient }) => recipient), ["0712345678", "0722345678"]);
  assert.equal(rows[1].values.says, "b\n0733345678,c");
});

test("a file is UTF-8, or as spreadsheets on Windows save it", async () => {
  assert.equal(await textOf(new Blob(["Zoë – ok"])), "Zoë – ok");
  assert.equal(await textOf(new Blob([Uint8Array.from([0x5a, 0x6f, 0xeb])])), "Zoë");
});
