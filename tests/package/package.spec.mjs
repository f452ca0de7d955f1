// What is in the package, and whether its metadata holds for everybody.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageParts } from "../../xtask/node/weigh.mjs";
import { command, installed, run, tarball } from "./consumer.mjs";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(join(installed, path), "utf8");

test("the tarball holds these files and no others", () => {
  const listed = run("tar", ["-tzf", tarball]).trim().split("\n").map((path) => path.replace(/^package\//, ""));
  const golden = readFileSync(new URL("files.txt", import.meta.url), "utf8").trim().split("\n");
  assert.deepEqual(listed.sort(), golden.sort());
});

test("the manifest is complete", () => {
  const manifest = JSON.parse(read("package.json"));
  assert.equal(manifest.name, "bouncelens");
  for (const key of ["version", "description", "license"]) assert.match(manifest[key], /\S/, key);
  assert.equal(manifest.scripts, undefined, "nothing runs when it is installed");
  assert.equal(manifest.dependencies, undefined);
  assert.deepEqual(Object.keys(manifest.exports["."]), ["types", "workerd", "edge-light", "deno", "bun", "node", "browser", "default"]);
});

test("no module waits or works when it is loaded", () => {
  const inside = (folder) => readdirSync(join(installed, folder)).map((name) => `${folder}/${name}`);
  for (const file of [...readdirSync(installed), ...inside("lib"), ...inside("bin")]) {
    if (file.endsWith(".js")) assert.doesNotMatch(read(file), /^(?:export .*)?await\b/m, file);
  }
  assert.deepEqual(JSON.parse(read("package.json")).sideEffects, ["./element.js", "./element.inline.js", "./worker-thread.browser.js", "./worker-thread.node.js"]);
});

test("the address of each wasm stands in one file only", () => {
  const naming = readdirSync(installed).filter((file) => file.endsWith(".js") && /\.wasm", import\.meta\.url/.test(read(file)));
  assert.deepEqual(naming.sort(), ["index.browser.js", "regex.browser.js"]);
});

test("no part is heavier than it was", async () => {
  const ceilings = JSON.parse(readFileSync(new URL("ceilings.json", import.meta.url), "utf8"));
  const parts = Object.fromEntries(await packageParts(installed));
  const over = Object.entries(ceilings).filter(([part, most]) => !(parts[part].brotli <= most));
  assert.deepEqual(over.map(([part, most]) => `${part}: ${parts[part].brotli} bytes after Brotli, of ${most}`), []);
});

test("publint has nothing to say", () => {
  run(process.execPath, [command("publint"), tarball, "--strict"]);
});

test("are the types wrong? no", () => {
  run(process.execPath, [command("@arethetypeswrong/cli", "attw"), tarball, "--profile", "esm-only", "--exclude-entrypoints", "./bouncelens.wasm", "./desk.wasm", "./regex.wasm", "./locales/*.json"]);
});

test("the unions of types.d.ts are those of data/", () => {
  const types = read("types.d.ts");
  const data = (file) => readFileSync(new URL(`data/${file}`, root), "utf8");
  const entries = (text, key) => text.split(/^\[\[/m).slice(1).map((entry) => key.map((name) => new RegExp(`^${name} = "(.*)"`, "m").exec(entry)[1]));

  const byCategory = /interface ReasonsByCategory \{(.*?)\n\}/s.exec(types)[1];
  const stated = [...byCategory.matchAll(/^ {2}"?([a-z-]+)"?:([^;]*);/gm)]
    .flatMap(([, category, reasons]) => [...reasons.matchAll(/"([^"]+)"/g)].map(([, reason]) => `${category}/${reason}`));
  const known = entries(data("reasons.toml"), ["category", "id"]).map((pair) => pair.join("/"));
  assert.deepEqual(stated.sort(), known.sort());

  const categories = [...byCategory.matchAll(/^ {2}"?([a-z-]+)"?:/gm)].map(([, category]) => category);
  assert.deepEqual(categories.sort(), entries(data("categories.toml"), ["id"]).flat().sort());

  const union = (name) => [...new RegExp(`export type ${name} =([^;]*);`).exec(types)[1].matchAll(/"([^"]+)"/g)].map(([, each]) => each);
  assert.deepEqual(union("PolicyName"), entries(data("policies.toml"), ["id"]).flat());
  assert.deepEqual(union("WhyKey").sort(), [...data("decisions/en.toml").matchAll(/^\[why\.(.*)\]$/gm)].map(([, key]) => key).sort());

  const when = /readonly when:([^;]*);/.exec(types)[1];
  const used = new Set(entries(data("reasons.toml"), ["when"]).flat());
  assert.deepEqual([...used].filter((each) => !when.includes(`"${each}"`)), []);
});

test("the unions of types.d.ts are those of the engine", async () => {
  const types = read("types.d.ts");
  const union = (name) => [...new RegExp(`export type ${name} =([^;]*);`).exec(types)[1].matchAll(/"([^"]+)"/g)].map(([, each]) => each);
  const names = await import(new URL(`file://${join(installed, "lib/names.js")}`));
  for (const [name, list] of Object.entries({ Kind: "KINDS", BounceType: "TYPES", Fault: "FAULTS", Command: "COMMANDS", Form: "FORMS", Strength: "STRENGTHS" })) {
    assert.deepEqual(union(name).sort(), [...names[list]].sort(), name);
  }
});
