import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { localStack } from "./scripts/local-stack.ts";
import { sizes } from "./scripts/sizes.ts";

export default defineConfig({
  plugins: [
    preact({ devToolsEnabled: false, babel: { plugins: ["@lingui/babel-plugin-lingui-macro"] } }),
    sizes({ firstVisit: 75_000, laterPage: 25_000 }),
    localStack("../.local/stack.json"),
  ],
  build: {
    target: ["chrome111", "safari16.4", "firefox115"],
    cssMinify: "lightningcss",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: false,
    emptyOutDir: true,
  },
});
