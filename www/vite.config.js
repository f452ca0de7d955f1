// The page is built on the package as any user would: `bouncelens` is the packed package that
// `cargo xtask pack` leaves in target/package. BOUNCELENS_PACKAGE names another directory.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
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

/** Writes offline.js, the service worker that keeps every file of the page: src/offline/worker.js. */
const offline = {
  name: "offline",
  apply: "build",
  enforce: "post",
  generateBundle(_, bundle) {
    const source = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
    const own = readdirSync(new URL("public", import.meta.url));
    const files = ["./", ...own, ...Object.keys(bundle).filter((name) => name.startsWith("assets/"))].sort();
    // Assets carry the hash of what they hold in their names.
    const held = [files.join(), source("index.html"), ...own.map((name) => source(`public/${name}`))];
    const version = createHash("sha256").update(held.join("\0")).digest("hex").slice(0, 12);
    const worker = source("src/offline/worker.js")
      .replace('VERSION = ""', `VERSION = ${JSON.stringify(version)}`)
      .replace("FILES = []", `FILES = ${JSON.stringify(files)}`);
    this.emitFile({ type: "asset", fileName: "offline.js", source: worker });
  },
};

export default defineConfig({
  // Relative addresses: the page works below any path, of any host.
  base: "./",
  plugins: [oneLanguageAtATime, offline],
  worker: { format: "es", plugins: () => [oneLanguageAtATime] },
  // What the exports of the package say for browsers; a folder has none for a bundler.
  resolve: {
    alias: [
      { find: "bouncelens/stream", replacement: `${package_}/stream.browser.js` },
      { find: "bouncelens", replacement: package_ },
    ],
  },
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
