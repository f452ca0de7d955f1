// The package in the projects of people who use it.

import assert from "node:assert/strict";
import { cpSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { command, consumer, installed, run, tools } from "./consumer.mjs";
import { withPage } from "../browser/harness.mjs";
import { sheets } from "./workbook.mjs";

const SELF = { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:; worker-src 'self'" };
const TRUSTED = { "content-security-policy": `${SELF["content-security-policy"]}; require-trusted-types-for 'script'; trusted-types 'none'` };
const NO_WASM = { "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:" };

test("Node imports it and requires it", () => {
  const folder = consumer("node");
  for (const script of ["import.mjs", "require.cjs"]) {
    assert.deepEqual(JSON.parse(run(process.execPath, [script], folder)), ["hard", "user-unknown", "en", true], script);
  }
});

test("Node loads the slim entry with bytes of its own", () => {
  assert.deepEqual(JSON.parse(run(process.execPath, ["slim.mjs"], consumer("node"))), ["not-initialised", "user-unknown", "not-initialised", "suppress"]);
});

test("a thread of Node sends a batch without copying it", () => {
  assert.deepEqual(JSON.parse(run(process.execPath, ["worker.mjs"], consumer("node"))), [452, 550]);
});

for (const [name, options] of Object.entries({
  "nodenext, without the DOM": { module: "nodenext", lib: ["es2022"] },
  "nodenext, with the DOM": { module: "nodenext", lib: ["es2022", "dom"] },
  "bundler, without the DOM": { module: "esnext", moduleResolution: "bundler", lib: ["es2022"] },
  "bundler, with the DOM": { module: "esnext", moduleResolution: "bundler", lib: ["es2022", "dom"] },
})) {
  test(`TypeScript: ${name}`, () => {
    const folder = consumer("types");
    const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false };
    const compilerOptions = { target: "es2022", noEmit: true, types: [], ...strict, ...options };
    const files = options.lib.includes("dom") ? ["use.ts", "dom.ts"] : ["use.ts"];
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    run(process.execPath, [command("typescript", "tsc"), "-p", "."], folder);
  });
}

test("TypeScript: what the functions give has the fields that the types state, and no others", async () => {
  const load = (file) => import(pathToFileURL(join(installed, file)));
  const { advise, categories, classify, classifyAll, classifyBatch, createLedger, decide, explain, locales, policies, reasons, records, replay, summarise } = await load("inline.js");
  const { createStream } = await load("stream.inline.js");
  const now = Date.UTC(2026, 4, 1);
  const table = "email,date,status,reason\nann@example.com,2026-05-01,bounced,550 5.1.1 User unknown\nbob@example.com,2026-05-01,deferred,452 4.2.2 Mailbox full\n";
  const absent = "From: ann@example.com\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nI am away";
  const values = [];
  const put = (type, ...given) => values.push(...given.map((value) => [type, value]));
  for (const text of [...reasons.map(({ example }) => example), table, absent, "hello"]) {
    put("Verdict", ...classifyAll(text));
    put("Reading", ...records(text));
    put("Explanation", explain(text));
    put("BatchRow", classifyBatch([text]).get(0));
    put("Advice", ...locales.map((locale) => advise(classify(text), locale)));
  }
  const [hard, soft] = classifyAll(table);
  const events = [hard, soft].map((verdict) => ({ address: verdict.recipient, verdict, time: now, campaign: "spring" }));
  const ledger = createLedger().record(events);
  for (const { id } of policies) put("Decision", ...[hard, soft, { kind: "complaint" }, { kind: "delivered" }].map((verdict) => decide(verdict, { now, policy: id })));
  put("LedgerState", ledger.toJSON());
  put("SuppressionEntry", ...ledger.suppressed({ now }));
  put("Replay", replay(events, { policies: ["default", "altcraft"] }));
  put("ReturnType<Report[\"toJSON\"]>", summarise(records(table), { groupBy: ["reason", "day"] }).toJSON());
  put("CategoryInfo", ...categories);
  put("ReasonInfo", ...reasons);
  put("PolicyInfo", ...policies);
  for await (const result of new Blob([table]).stream().pipeThrough(createStream())) put("StreamResult", result);

  // A literal may have no field that its type does not state, and must have those that it does.
  const folder = consumer("types");
  const names = [...new Set(values.map(([type]) => /\w+(?!.*<)/.exec(type)[0]))].filter((name) => name !== "StreamResult");
  writeFileSync(join(folder, "given.ts"), [
    `import type { ${names.join(", ")} } from "bouncelens/types";`,
    'import type { StreamResult } from "bouncelens/stream";',
    ...values.map(([type, value], index) => `export const value${index}: ${type} = ${JSON.stringify(value)};`),
  ].join("\n"));
  const compilerOptions = { target: "es2022", module: "nodenext", lib: ["es2022"], noEmit: true, types: [], strict: true, exactOptionalPropertyTypes: true };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["given.ts"] }));
  run(process.execPath, [command("typescript", "tsc"), "-p", "."], folder);
});

test("esbuild bundles the inline entry into one file", async () => {
  const folder = consumer("bundler");
  const outfile = join(folder, "out/main.mjs");
  await tools("esbuild").build({ absWorkingDir: folder, entryPoints: ["main.js"], bundle: true, format: "esm", outfile, logLevel: "error" });
  assert.equal(run(process.execPath, [outfile], folder).trim(), '"user-unknown"');
});

test("Vite builds a page that brings the wasm along", async () => {
  const folder = consumer("vite");
  const { build } = await import(pathToFileURL(tools.resolve("vite")));
  await build({ root: folder, base: "./", logLevel: "error", configFile: false, build: { target: "es2022" } });
  const files = readdirSync(join(folder, "dist/assets"));
  assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 2);
  // What writes Excel files is a file of its own, and no page loads it before it is asked for.
  const [writer, ...others] = files.filter((file) => file.endsWith(".js") && readFileSync(join(folder, "dist/assets", file), "utf8").includes("xl/sharedStrings.xml"));
  assert.deepEqual(others, []);
  assert.doesNotMatch(readFileSync(join(folder, "dist/index.html"), "utf8"), new RegExp(writer.replace(/[.]/g, "\\.")));
  await withPage(async ({ page, baseUrl }) => {
    const loaded = [];
    page.on("request", (request) => loaded.push(request.url().split("/").at(-1)));
    await page.goto(baseUrl);
    await page.waitForFunction(() => document.title === "user-unknown");
    assert.ok(!loaded.includes(writer));
    const bytes = Uint8Array.from(await page.evaluate(async () => [...(await globalThis.workbook())]));
    assert.ok(loaded.includes(writer));
    const [{ rows, xml }] = sheets(bytes);
    assert.equal(rows.length, 1_001);
    assert.ok(xml.length > 160_000, "large enough for the worker that the policy forbids");
  }, { folder: join(folder, "dist"), headers: TRUSTED });
});

/** The plain page, with the package beside it as a web server would see it. */
function plain() {
  const folder = consumer("page");
  cpSync(installed, join(folder, "node_modules/bouncelens"), { recursive: true });
  return folder;
}

async function onPlainPage(headers, use) {
  await withPage(async ({ page, baseUrl }) => {
    const errors = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(baseUrl);
    await page.waitForFunction(() => globalThis.bouncelens !== undefined);
    await use(page);
    assert.deepEqual(errors, []);
  }, { folder: plain(), headers });
}

test("a page without a bundler loads it under a strict policy", () =>
  onPlainPage(SELF, async (page) => {
    const answer = await page.evaluate(async () => {
      const { classify, init } = globalThis.bouncelens;
      let before;
      try {
        classify("550 User unknown");
      } catch (error) {
        before = error.code;
      }
      await Promise.all([init(), init()]);
      await init();
      return [before, classify("550 5.1.1 User unknown").reason];
    });
    assert.deepEqual(answer, ["not-initialised", "user-unknown"]);
  }));

test("the desk is loaded along, or later, or not at all", () =>
  onPlainPage(SELF, async (page) => {
    const loaded = [];
    page.on("request", (request) => loaded.push(request.url().split("/").at(-1)));
    const [before, after] = await page.evaluate(async () => {
      const { classify, decide, init } = globalThis.bouncelens;
      await init(undefined, { desk: false });
      const verdict = classify("550 5.1.1 User unknown");
      let before;
      try {
        decide(verdict, { now: 0 });
      } catch (error) {
        before = `${error.code}: ${error.message}`;
      }
      const files = performance.getEntriesByType("resource").map(({ name }) => name);
      await init();
      return [[before, files.some((name) => name.endsWith("/desk.wasm"))], decide(verdict, { now: 0 }).action];
    });
    assert.match(before[0], /^not-initialised: .*desk\.wasm/);
    assert.equal(before[1], false);
    assert.equal(after, "suppress");
    assert.deepEqual(loaded.filter((name) => name.endsWith(".wasm")), ["bouncelens.wasm", "desk.wasm"]);
  }));

test("a failed init says why and can be repeated", () =>
  onPlainPage(SELF, async (page) => {
    const answer = await page.evaluate(async () => {
      const { classify, init } = globalThis.bouncelens;
      const failed = async (source) => init(source).then(() => undefined, (error) => `${error.code}: ${error.message}`);
      const notFound = await failed("./no-such.wasm");
      const notWasm = await failed("./index.html");
      const noSource = await failed(5);
      await init();
      return [notFound, notWasm, noSource, classify("550 5.1.1 User unknown").reason];
    });
    assert.match(answer[0], /^init-failed: .*404/);
    assert.match(answer[1], /^init-failed: .*something else than bouncelens\.wasm/);
    assert.match(answer[2], /^init-failed: .*not 5/);
    assert.equal(answer[3], "user-unknown");
  }));

test("where the policy forbids wasm the error names the cure", () =>
  onPlainPage(NO_WASM, async (page) => {
    const message = await page.evaluate(() => globalThis.bouncelens.init().then(() => "", (error) => `${error.code}: ${error.message}`));
    assert.match(message, /^init-failed: .*'wasm-unsafe-eval' in the script-src/);
  }));

test("a worker of the browser classifies a batch", () =>
  onPlainPage(SELF, async (page) => {
    const codes = await page.evaluate(() => new Promise((done, failed) => {
      const worker = new Worker("./worker.js", { type: "module" });
      worker.onmessage = ({ data }) => done([...data.code]);
      worker.onerror = (event) => failed(new Error(event.message));
      worker.postMessage(["452 4.2.2 Mailbox full", "550 5.1.1 User unknown"]);
    }));
    assert.deepEqual(codes, [452, 550]);
  }));
