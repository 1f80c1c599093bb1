import { defineConfig } from "@lingui/conf";

const FIRST = ["src/*.tsx", "src/api", "src/parts", "src/session", "src/shell", "src/texts", "src/pages/overview", "src/pages/messages"];

export default defineConfig({
  locales: ["en", "sw"],
  sourceLocale: "en",
  fallbackLocales: { default: "en" },
  // What the first visit shows, and the rest, which comes with the first page that isn't the overview.
  catalogs: [
    { path: "src/texts/{locale}", include: FIRST },
    { path: "src/texts/more/{locale}", include: ["src/pages"], exclude: ["src/pages/overview/**", "src/pages/messages/**"] },
  ],
  compileNamespace: "ts",
  format: "po",
  formatOptions: { lineNumbers: false, origins: false },
  orderBy: "messageId",
});
