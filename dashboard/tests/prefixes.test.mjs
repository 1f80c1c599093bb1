/** Prefixes of numbers, as people write them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const options = { root, configFile: false, logLevel: "error" };
const { prefixOf, read } = (await runnerImport(`${root}src/pages/routing/prefixes.ts`, options)).module;

test("a prefix is the beginning of a number in E.164, however its digits stand", () => {
  for (const [piece, prefix] of [
    ["+254", "+254"],
    ["00254 71", "+25471"],
    ["+1 (202) 555-01", "+120255501"],
    ["+49.151", "+49151"],
    ["+7", "+7"],
    ["+123456789012345", "+123456789012345"],
  ]) {
    assert.equal(prefixOf(piece), prefix, piece);
  }
});

test("what no number begins with is none", () => {
  for (const piece of ["", "+", "0712", "254", "+0254", "+254a", "++254", "000254", "+1234567890123456"]) {
    assert.equal(prefixOf(piece), undefined, piece);
  }
});

test("several stand between commas, semicolons, lines, or each behind its plus", () => {
  assert.deepEqual(read("+25470, +25471;+25472\n00254 73 +44 20"), {
    prefixes: ["+25470", "+25471", "+25472", "+25473", "+4420"],
    rest: "",
  });
  assert.deepEqual(read(" , ;\n"), { prefixes: [], rest: "" });
});

test("what of it is none stays to be mended", () => {
  assert.deepEqual(read("+25470, 0712, Safaricom, +44"), { prefixes: ["+25470", "+44"], rest: "0712, Safaricom" });
});
