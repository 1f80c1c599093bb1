import { signal } from "@preact/signals";

export const LANGUAGES = { curl: "cURL", node: "Node", python: "Python", php: "PHP", go: "Go" } as const;
export type Language = keyof typeof LANGUAGES;

/** A request as it is sent. `body` is JSON, or nothing. */
export interface Request {
  method: string;
  url: string;
  needsKey: boolean;
  body?: unknown;
}

const CHOSEN = "smskit.docs-language";
const KEY = "SMSKIT_API_KEY";

/** The language of every snippet; it is remembered on this machine. */
export const snippetLanguage = signal<Language>(read());

function read(): Language {
  const kept = localStorage.getItem(CHOSEN);
  return kept !== null && kept in LANGUAGES ? (kept as Language) : "curl";
}

export function choose(language: Language): void {
  snippetLanguage.value = language;
  localStorage.setItem(CHOSEN, language);
}

/** The request in a language, ready to be pasted; the key comes from the environment. */
export function snippet(request: Request, language: Language): string {
  return WRITERS[language](request);
}

const WRITERS: Record<Language, (request: Request) => string> = { curl, node, python, php, go };

function json(body: unknown, indent: string): string {
  return JSON.stringify(body, null, 2).replaceAll("\n", `\n${indent}`);
}

function curl({ method, url, needsKey, body }: Request): string {
  const lines = [`curl${method === "GET" || (method === "POST" && body !== undefined) ? "" : ` -X ${method}`} '${url}'`];
  if (needsKey) lines.push(`  -H "X-Api-Key: $${KEY}"`);
  if (body !== undefined) {
    lines.push('  -H "Content-Type: application/json"');
    lines.push(`  -d '${json(body, "  ").replaceAll("'", "'\\''")}'`);
  }
  return lines.join(" \\\n");
}

function node({ method, url, needsKey, body }: Request): string {
  const headers = [
    ...(needsKey ? [`    "X-Api-Key": process.env.${KEY},`] : []),
    ...(body !== undefined ? ['    "Content-Type": "application/json",'] : []),
  ];
  return [
    `const answer = await fetch("${url}", {`,
    ...(method === "GET" ? [] : [`  method: "${method}",`]),
    ...(headers.length ? ["  headers: {", ...headers, "  },"] : []),
    ...(body !== undefined ? [`  body: JSON.stringify(${json(body, "  ")}),`] : []),
    "});",
    "if (!answer.ok) throw new Error(await answer.text());",
    ...(method === "DELETE" ? [] : ["console.log(await answer.json());"]),
  ].join("\n");
}

function python({ method, url, needsKey, body }: Request): string {
  return [
    ...(needsKey ? ["import os", ""] : []),
    "import requests  # pip install requests",
    "",
    `answer = requests.${method.toLowerCase()}(`,
    `    "${url}",`,
    ...(needsKey ? [`    headers={"X-Api-Key": os.environ["${KEY}"]},`] : []),
    ...(body !== undefined ? [`    json=${pythonOf(body, "    ")},`] : []),
    "    timeout=30,",
    ")",
    "answer.raise_for_status()",
    ...(method === "DELETE" ? [] : ["print(answer.json())"]),
  ].join("\n");
}

function pythonOf(value: unknown, indent: string): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return nested(value, indent, "    ", ["{", "}"], ["[", "]"], (name) => `${JSON.stringify(name)}: `, pythonOf);
}

function php({ method, url, needsKey, body }: Request): string {
  const headers = [
    ...(needsKey ? [`        "X-Api-Key: " . getenv("${KEY}"),`] : []),
    ...(body !== undefined ? ['        "Content-Type: application/json",'] : []),
  ];
  return [
    "<?php",
    `$request = curl_init("${url}");`,
    "curl_setopt_array($request, [",
    `    CURLOPT_CUSTOMREQUEST => "${method}",`,
    ...(headers.length ? ["    CURLOPT_HTTPHEADER => [", ...headers, "    ],"] : []),
    ...(body !== undefined ? [`    CURLOPT_POSTFIELDS => json_encode(${phpOf(body, "    ")}),`] : []),
    "    CURLOPT_RETURNTRANSFER => true,",
    "    CURLOPT_TIMEOUT => 30,",
    "]);",
    "$answer = curl_exec($request);",
    "echo curl_getinfo($request, CURLINFO_RESPONSE_CODE), \" \", $answer;",
  ].join("\n");
}

function phpOf(value: unknown, indent: string): string {
  if (typeof value === "string") return JSON.stringify(value).replaceAll("$", "\\$").replaceAll("\\/", "/");
  return nested(value, indent, "    ", ["[", "]"], ["[", "]"], (name) => `${JSON.stringify(name)} => `, phpOf);
}

/** A list or an object with a line for each value, as Python and PHP write them alike; anything else as JSON has it. */
function nested(
  value: unknown,
  indent: string,
  step: string,
  braces: [string, string],
  brackets: [string, string],
  key: (name: string) => string,
  write: (value: unknown, indent: string) => string,
): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = indent + step;
  const [open, close] = Array.isArray(value) ? brackets : braces;
  const lines = Array.isArray(value)
    ? value.map((one) => `${inner}${write(one, inner)},`)
    : Object.entries(value).map(([name, one]) => `${inner}${key(name)}${write(one, inner)},`);
  return lines.length ? [open, ...lines, indent + close].join("\n") : open + close;
}

function go({ method, url, needsKey, body }: Request): string {
  const imports = ['"fmt"', '"io"', '"net/http"', ...(needsKey ? ['"os"'] : []), ...(body !== undefined ? ['"strings"'] : [])];
  const content = body === undefined ? "nil" : `strings.NewReader(\`${json(body, "")}\`)`;
  return [
    "package main",
    "",
    "import (",
    ...imports.map((one) => `\t${one}`),
    ")",
    "",
    "func main() {",
    `\trequest, err := http.NewRequest("${method}", "${url}", ${content})`,
    "\tif err != nil {",
    "\t\tpanic(err)",
    "\t}",
    ...(needsKey ? [`\trequest.Header.Set("X-Api-Key", os.Getenv("${KEY}"))`] : []),
    ...(body !== undefined ? ['\trequest.Header.Set("Content-Type", "application/json")'] : []),
    "\tanswer, err := http.DefaultClient.Do(request)",
    "\tif err != nil {",
    "\t\tpanic(err)",
    "\t}",
    "\tdefer answer.Body.Close()",
    "\ttext, _ := io.ReadAll(answer.Body)",
    "\tfmt.Println(answer.Status, string(text))",
    "}",
  ].join("\n");
}
