// `node browser.mjs PACKAGE MATERIAL FLOOR SITE [--against DIR] [--quick]`: everything in a headless Chromium,
// which BOUNCELENS_BROWSER names; prints JSON. SITE is a folder to put the pages in.

import { cpSync, mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "../../xtask/node/serve.mjs";
import { starts } from "./starts.mjs";

const [folder, material, floor, site, ...flags] = process.argv.slice(2);
const quick = flags.includes("--quick");
const against = flags.includes("--against") ? flags[flags.indexOf("--against") + 1] : undefined;
const say = (what) => process.stderr.write(`  chromium: ${what}\n`);

rmSync(site, { recursive: true, force: true });
mkdirSync(site, { recursive: true });
cpSync(folder, join(site, "package"), { recursive: true });
if (against !== undefined) cpSync(against, join(site, "before"), { recursive: true });
cpSync(fileURLToPath(new URL(".", import.meta.url)), join(site, "js"), { recursive: true });
cpSync(material, join(site, "material.json"));
cpSync(floor, join(site, "floor.wasm"));

// A page that is isolated from others gets the finer clock.
const headers = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const server = await serve(site, { headers });
const { chromium } = createRequire(new URL("../../xtask/node/package.json", import.meta.url))("playwright-core");
const args = ["--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-gpu"];
// Chromium refuses to sandbox what root starts.
if (process.getuid?.() === 0) args.push("--no-sandbox");
const browser = await chromium.launch({ executablePath: process.env.BOUNCELENS_BROWSER, args });

try {
  const page = await open();
  page.on("console", (message) => say(message.text()));
  const { groups, ...facts } = await page.evaluate(measure, { quick, against: against !== undefined });
  await page.context().close();

  say("cold starts");
  const kinds = [
    ["floor", "floor: the smallest wasm", "floor"],
    ["package", "slim entry", "package"],
    ...(against === undefined ? [] : [["before", "slim entry, the release before", "before"]]),
    ["regexes", "JavaScript regexes", "regexes"],
  ];
  groups.push({ id: "cold", title: "cold start", rows: await starts(start, kinds, quick ? 1 : 9) });
  console.log(JSON.stringify({ where: "chromium", version: browser.version(), ...facts, groups }));
} finally {
  await browser.close();
  await server.close();
}

/** A new page in a new, private context. */
async function open() {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  await page.goto(`${server.address}js/page.html`);
  return page;
}

async function start(what) {
  const page = await open();
  const times = await page.evaluate(startOnce, what);
  await page.context().close();
  return times;
}

// These two run in the page.

async function measure({ quick, against }) {
  const { wasmMemory } = await import("/js/memory.mjs");
  const { suite } = await import("/js/suite.mjs");
  const load = async (from) => {
    const api = await import(`/${from}/index.browser.js`);
    await api.init();
    return api;
  };
  const before = against ? await load("before") : undefined;
  const api = await load("package");
  api.classify("550 5.1.1 User unknown");
  const material = await (await fetch("/material.json")).json();
  const floorWasm = await (await fetch("/floor.wasm")).arrayBuffer();
  const memory = () => ({ wasm: wasmMemory() });
  return suite({ api, before, floorWasm, material, quick, memory, say: (what) => console.log(what) });
}

async function startOnce(what) {
  const from = what === "before" ? "before" : "package";
  const { cold } = await import("/js/cold.mjs");
  const wasm = await (await fetch(what === "floor" ? "/floor.wasm" : `/${from}/bouncelens.wasm`)).arrayBuffer();
  const list = what === "regexes" ? (await (await fetch("/material.json")).json()).regexes : undefined;
  return cold(what === "before" ? "package" : what, { load: () => import(`/${from}/slim.js`), wasm, list });
}
