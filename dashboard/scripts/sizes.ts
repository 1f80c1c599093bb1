import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** What a page may weigh, in bytes of JavaScript and style after gzip. */
interface Limits {
  firstVisit: number;
  laterPage: number;
}

interface Chunk {
  type: "chunk" | "asset";
  fileName: string;
  code?: string;
  source?: string | Uint8Array;
  isEntry?: boolean;
  isDynamicEntry?: boolean;
  facadeModuleId?: string | null;
  imports?: string[];
  viteMetadata?: { importedCss: Set<string> };
}

/** Prints what each page weighs, and fails the build when one weighs more than it may. */
export function sizes(limits: Limits): Plugin {
  return {
    name: "sizes",
    apply: "build",
    writeBundle(_, bundle) {
      const files = bundle as unknown as Record<string, Chunk>;
      const entry = Object.values(files).find((file) => file.isEntry)!;
      const shell = closure(entry, files);
      const pages = Object.values(files).filter((file) => file.isDynamicEntry && file.facadeModuleId?.includes("/pages/"));
      const catalogue = Object.values(files).find((file) => file.facadeModuleId?.endsWith("/texts/en.ts"));
      const first = new Set([...shell, ...(catalogue ? closure(catalogue, files) : [])]);
      const overview = pages.find((page) => page.facadeModuleId!.includes("/overview/"));
      for (const name of overview ? closure(overview, files) : []) first.add(name);
      const found = [{ name: "first visit", weight: weigh(first, files), limit: limits.firstVisit }];
      for (const page of pages) {
        const own = [...closure(page, files)].filter((name) => !shell.has(name));
        const name = page.facadeModuleId!.split("/pages/")[1]!.replace(/\.tsx$/, "");
        found.push({ name, weight: weigh(own, files), limit: limits.laterPage });
      }
      for (const { name, weight, limit } of found) {
        console.log(`${name.padEnd(40)} ${weight.toLocaleString("en").padStart(8)} of ${limit.toLocaleString("en")} bytes`);
      }
      const heavy = found.filter(({ weight, limit }) => weight > limit);
      if (heavy.length) throw new Error(`too heavy: ${heavy.map(({ name }) => name).join(", ")}`);
    },
  };
}

function closure(chunk: Chunk, files: Record<string, Chunk>, seen = new Set<string>()): Set<string> {
  if (seen.has(chunk.fileName)) return seen;
  seen.add(chunk.fileName);
  for (const css of chunk.viteMetadata?.importedCss ?? []) seen.add(css);
  for (const name of chunk.imports ?? []) {
    const file = files[name];
    if (file) closure(file, files, seen);
  }
  return seen;
}

function weigh(names: Iterable<string>, files: Record<string, Chunk>): number {
  let total = 0;
  for (const name of names) {
    const file = files[name];
    if (file) total += gzipSync(file.code ?? file.source ?? "", { level: 9 }).length;
  }
  return total;
}
