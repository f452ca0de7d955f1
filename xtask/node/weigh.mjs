// What the parts of the package weigh as they travel.

import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** Bytes: as they are, and packed. */
export function weigh(...parts) {
  const sum = { raw: 0, gzip: 0, brotli: 0 };
  for (const part of parts) {
    sum.raw += part.length;
    sum.gzip += gzipSync(part, { level: 9 }).length;
    sum.brotli += brotliCompressSync(part, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: part.length } }).length;
  }
  return sum;
}

/** What a bundler makes of an import for browsers, without the wasm and what is loaded when it is asked for. */
async function bundled(pkg, contents) {
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

const CODE = 10;
const DATA = 11;

/** The contents of a section of a wasm. */
function section(wasm, number) {
  for (let at = 8; at < wasm.length; ) {
    const found = wasm[at++];
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      length += (wasm[at] & 127) << shift;
      if (wasm[at++] < 128) break;
    }
    if (found === number) return wasm.subarray(at, at + length);
    at += length;
  }
  return Buffer.alloc(0);
}

/**
 * The package by parts, each as `{ raw, gzip, brotli }`.
 *
 * @param {string} pkg its folder
 * @param {Buffer | undefined} tables what `rulec` made, to tell it from other data
 */
export async function packageParts(pkg, tables) {
  const [engine, desk, regex] = ["bouncelens.wasm", "desk.wasm", "regex.wasm"].map((name) => readFileSync(join(pkg, name)));
  const data = section(engine, DATA);
  const at = tables === undefined ? -1 : data.indexOf(tables);
  const inside = at < 0 ? [["  tables and texts", data]] : [
    ["  tables", tables],
    ["  texts", Buffer.concat([data.subarray(0, at), data.subarray(at + tables.length)])],
  ];
  const js = [
    ["js: init, classify", 'export { init, classify } from "./index.browser.js";'],
    ["  names", 'export * from "./lib/names.js";'],
    ["  glue", 'export * from "./lib/glue.js";'],
    ["js: init, decide", 'export { init, decide } from "./index.browser.js";'],
    ["js: createRules", 'export { createRules } from "./regex.browser.js";'],
    ["js: advise", 'export { advise } from "./index.browser.js";'],
    ["js: everything", 'export * from "./index.browser.js";'],
    ["inline: everything", 'export * from "./inline.js";'],
  ];
  return [
    ["bouncelens.wasm", weigh(engine)],
    ["  code", weigh(section(engine, CODE))],
    ...inside.map(([part, bytes]) => [part, weigh(bytes)]),
    ["desk.wasm", weigh(desk)],
    ["regex.wasm", weigh(regex)],
    ...(await Promise.all(js.map(async ([part, contents]) => [part, weigh(await bundled(pkg, contents))]))),
  ];
}
