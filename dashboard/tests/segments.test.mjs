/** The counter of the browser against the vectors of the server's own tests, which it reads from there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const source = readFileSync(new URL("../../tests/unit/test_segments.py", import.meta.url), "utf8");
const { module } = await runnerImport(`${root}src/texts/segments.ts`, { root, configFile: false, logLevel: "error" });
const { measure, isGsm } = module;

const text = (literal) => JSON.parse(literal.replace(/\\x([0-9a-f]{2})/g, "\\u00$1").replaceAll("\\f", "\\u000c"));

/** `"a" * 152 + "€"`, as Python has it. */
function evaluated(expression) {
  return expression
    .split(" + ")
    .map((term) => /^("(?:[^"\\]|\\.)*")(?: \* (\d+))?$/.exec(term))
    .map(([, literal, times = "1"]) => text(literal).repeat(Number(times)))
    .join("");
}

const vectors = [...source.matchAll(/^ {8}\((".*), "(GSM-7|UCS-2)", (\d+)\),$/gm)].map(([, expression, encoding, count]) => ({
  message: evaluated(expression),
  encoding,
  count: Number(count),
}));

test("every vector of the server holds", () => {
  assert.ok(vectors.length >= 29, `${vectors.length} vectors found`);
  for (const { message, encoding, count } of vectors) {
    const measured = measure(message);
    assert.equal(measured.encoding, encoding, message.slice(0, 40));
    assert.equal(measured.parts.length, count, message.slice(0, 40));
  }
});

test("the alphabet is the server's", () => {
  const extended = text(/^EXTENDED = (".*")$/m.exec(source)[1]);
  const basic = text(/^BASIC = (".*") \+ "".join\($/m.exec(source)[1]);
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const wanted = new Set(extended + basic + letters);
  assert.equal(wanted.size, 127 + 10);
  for (let code = 0; code < 0x10000; code += 1) {
    const character = String.fromCharCode(code);
    assert.equal(isGsm(character), wanted.has(character), `U+${code.toString(16)}`);
  }
});

test("the parts are the text, each is as full as it can be, and none splits a character", () => {
  const alphabets = ["a€", "aя😀ç€"];
  let seed = 7;
  const random = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  for (let round = 0; round < 400; round += 1) {
    const characters = [...alphabets[round % 2]];
    const message = Array.from({ length: random(700) }, () => characters[random(characters.length)]).join("");
    const { encoding, parts, used, capacity } = measure(message);
    const units = (part) => (encoding === "GSM-7" ? [...part].reduce((sum, one) => sum + (one === "€" ? 2 : 1), 0) : part.length);
    assert.equal(parts.join(""), message);
    assert.equal(capacity, { "GSM-7": [160, 153], "UCS-2": [70, 67] }[encoding][parts.length > 1 ? 1 : 0]);
    assert.equal(units(parts.at(-1)), used);
    parts.slice(0, -1).forEach((part, at) => {
      assert.ok(units(part) <= capacity && units(part + [...parts[at + 1]][0]) > capacity);
    });
  }
});
