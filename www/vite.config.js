// The page is built on the package as any user would: `bouncelens` is the packed package that
// `cargo xtask pack` leaves in target/package. BOUNCELENS_PACKAGE names another directory.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const package_ = process.env.BOUNCELENS_PACKAGE ?? fileURLToPath(new URL("../target/package", import.meta.url));

export default defineConfig({
  // Relative addresses: the page works below any path, of any host.
  base: "./",
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
