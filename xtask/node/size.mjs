// Weighs the parts as they travel: `node size.mjs PACKAGE TARBALL PAGE BUILDS`. Exits with 1 over a budget.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { packageParts, weigh } from "./weigh.mjs";

const [pkg, tarball, page, builds] = process.argv.slice(2);

/** What we mean to reach, in bytes after Brotli. What we hold is in `tests/package/ceilings.json`. */
const BUDGETS = { "bouncelens.wasm": 170_000, "page, first load": 250_000 };

const files = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const path = join(folder, entry.name);
  return entry.isDirectory() ? files(path) : [path];
});
const wanted = new Set([".html", ".js", ".css", ".wasm"]);
const html = readFileSync(join(page, "index.html"), "utf8");
/** What the page loads before anybody does anything: what its HTML names, and the engine. The desk comes with the first answer. */
const first = files(page).filter((file) => wanted.has(extname(file)))
  .filter((file) => file.endsWith("index.html") || /bouncelens[^/\\]*\.wasm$/.test(file) || html.includes(file.split(/[\\/]/).at(-1)));

/** The tables as they were compiled into this very wasm. */
const engine = readFileSync(join(pkg, "bouncelens.wasm"));
const tables = readdirSync(builds).map((folder) => join(builds, folder, "out/rules.bin"))
  .filter((file) => existsSync(file)).map((file) => readFileSync(file)).find((bytes) => engine.includes(bytes));

const rows = [
  ...(await packageParts(pkg, tables)),
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
