import { defineConfig } from "@lingui/conf";

export default defineConfig({
  locales: ["en", "sw"],
  sourceLocale: "en",
  fallbackLocales: { default: "en" },
  catalogs: [{ path: "src/texts/{locale}", include: ["src"] }],
  compileNamespace: "ts",
  format: "po",
  formatOptions: { lineNumbers: false, origins: false },
  orderBy: "messageId",
});
