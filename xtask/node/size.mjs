// Weighs the parts as they travel: `node size.mjs PACKAGE TARBALL PAGE`. Exits with 1 over a budget.

import { build } from "esbuild";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [pkg, tarball, page] = process.argv.slice(2);

/** Brotli bytes. */
const BUDGETS = { "bouncelens.wasm": 170_000, "page, first load": 250_000 };

const weigh = (...parts) => {
  const sum = { raw: 0, gzip: 0, brotli: 0 };
  for (const part of parts) {
    sum.raw += part.length;
    sum.gzip += gzipSync(part, { level: 9 }).length;
    sum.brotli += brotliCompressSync(part, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: part.length } }).length;
  }
  return sum;
};

/** What a bundler makes of an import for browsers, without the wasm and what is loaded when it is asked for. */
async function bundled(contents) {
  const result = await build({
    stdin: { contents, resolveDir: pkg },
    bundle: true, minify: true, write: false, format: "esm", platform: "browser", logLevel: "error",
    splitting: true, outdir: "out", metafile: true,
  });
  const { outputs } = result.metafile;
  const wanted = new Set(["out/stdin.js"]);
  for (const path of wanted) outputs[path].imports.forEach((each) => each.kind === "import-statement" && wanted.add(each.path));
  return Buffer.concat(result.outputFiles.filter((file) => [...wanted].some((path) => file.path.endsWith(path))).map((file) => file.contents));
}

const files = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const path = join(folder, entry.name);
  return entry.isDirectory() ? files(path) : [path];
});
const wanted = new Set([".html", ".js", ".css", ".wasm"]);
const html = readFileSync(join(page, "index.html"), "utf8");
/** What the page loads before anybody does anything: what its HTML names, and the wasm. */
const first = files(page).filter((file) => wanted.has(extname(file)))
  .filter((file) => file.endsWith("index.html") || file.endsWith(".wasm") || html.includes(file.split(/[\\/]/).at(-1)));

const rows = [
  ["bouncelens.wasm", weigh(readFileSync(join(pkg, "bouncelens.wasm")))],
  ["js: init, classify", weigh(await bundled('export { init, classify } from "./index.browser.js";'))],
  ["js: everything", weigh(await bundled('export * from "./index.browser.js";'))],
  ["inline: everything", weigh(await bundled('export * from "./inline.js";'))],
  ["page, first load", weigh(...first.map((file) => readFileSync(file)))],
  ["page, all files", weigh(...files(page).map((file) => readFileSync(file)))],
];

const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(11);
console.log(`\n${"part".padEnd(20)}${["raw", "gzip", "brotli", "budget"].map((label) => label.padStart(11)).join("")}`);
let over = 0;
for (const [part, { raw, gzip, brotli }] of rows) {
  const budget = BUDGETS[part];
  const bad = budget !== undefined && brotli > budget;
  over += bad;
  console.log(`${part.padEnd(20)}${kilo(raw)}${kilo(gzip)}${kilo(brotli)}${budget === undefined ? "" : kilo(budget)}${bad ? "  OVER BUDGET" : ""}`);
}
console.log(`${"tarball".padEnd(20)}${" ".repeat(11)}${kilo(statSync(tarball).size)}`);
process.exit(over > 0 ? 1 : 0);
