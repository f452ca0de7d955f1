// `node node.mjs PACKAGE MATERIAL FLOOR [--against DIR] [--quick]`: everything in Node; prints JSON.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { wasmMemory } from "./memory.mjs";
import { starts } from "./starts.mjs";
import { suite } from "./suite.mjs";
import { workers } from "./workers.mjs";

const [folder, materialFile, floorFile, ...flags] = process.argv.slice(2).map((arg) => (arg.startsWith("--") ? arg : resolve(arg)));
const quick = flags.includes("--quick");
const against = flags.includes("--against") ? flags[flags.indexOf("--against") + 1] : undefined;
const say = (what) => process.stderr.write(`  node: ${what}\n`);

const material = JSON.parse(readFileSync(materialFile, "utf8"));
const floorWasm = readFileSync(floorFile);
const load = (from) => import(pathToFileURL(join(from, "inline.js")));
// The older one first, so that the newest instance of wasm is ours.
const before = against === undefined ? undefined : await load(against);
before?.classify("550 5.1.1 User unknown");
const api = await load(folder);
api.classify("550 5.1.1 User unknown");

const memory = () => ({ wasm: wasmMemory(), rss: process.memoryUsage.rss() });
const { groups, ...facts } = suite({ api, before, floorWasm, material, quick, memory, say });

say("two threads");
groups.push(await workers({ folder, floorWasm, texts: material.replies, quick }));

say("cold starts");
const script = fileURLToPath(new URL("./cold-node.mjs", import.meta.url));
const start = (what) => {
  const from = what === "before" ? against : folder;
  const wasm = what === "floor" ? floorFile : join(from, "bouncelens.wasm");
  const args = [script, what === "before" ? "package" : what, from, wasm, materialFile];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }));
};
const kinds = [
  ["floor", "floor: the smallest wasm", "floor"],
  ["package", "slim entry", "package"],
  ...(before ? [["before", "slim entry, the release before", "before"]] : []),
  ["regexes", "JavaScript regexes", "regexes"],
];
groups.push({ id: "cold", title: "cold start", rows: await starts(start, kinds, quick ? 1 : 9) });

const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}`;
const date = new Date().toISOString().slice(0, 10);
console.log(JSON.stringify({ where: "node", version: process.version, machine, date, ...facts, groups }));
process.exit(0);
