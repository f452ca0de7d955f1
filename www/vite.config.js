// The page is built on the package as any user would: `bouncelens` is the packed package that
// `cargo xtask pack` leaves in target/package. BOUNCELENS_PACKAGE names another directory.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const package_ = process.env.BOUNCELENS_PACKAGE ?? fileURLToPath(new URL("../target/package", import.meta.url));

/** English at first, the other languages when they are wanted: see src/advice-words.js. */
const oneLanguageAtATime = {
  name: "one-language-at-a-time",
  enforce: "pre",
  resolveId(source, importer) {
    const asked = source === "./locales.js" && importer?.replaceAll("\\", "/").endsWith("/lib/advise.js");
    return asked ? fileURLToPath(new URL("src/advice-words.js", import.meta.url)) : null;
  },
};

export default defineConfig({
  // Relative addresses: the page works below any path, of any host.
  base: "./",
  plugins: [oneLanguageAtATime],
  worker: { format: "es", plugins: () => [oneLanguageAtATime] },
  resolve: { alias: { bouncelens: package_ } },
  server: { fs: { allow: [".", package_] } },
  build: {
    target: "es2022",
    outDir: "../target/page",
    emptyOutDir: true,
    // Nothing is inlined, so that the content security policy needs no exception.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
