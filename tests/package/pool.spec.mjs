// Threads that classify: in Node, and in a browser under a strict policy.

import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { withPage } from "../browser/harness.mjs";
import { consumer, installed, run, tools } from "./consumer.mjs";

const load = (file) => import(pathToFileURL(join(installed, file)));
const { classifyAll, classifyBatch, reasons } = await load("inline.js");
const { createPool } = await load("worker.node.js");

const TEXTS = Array.from({ length: 30_000 }, (_, n) => `${reasons[n % reasons.length].example} ${n}`);
const UNKNOWN = "550 5.1.1 User unknown";

async function withPool(options, use) {
  const pool = createPool(options);
  try {
    await use(pool);
  } finally {
    await pool.close();
  }
}

/** A thread that does as a script says. */
const scripted = (script) => () => new Worker(script, { eval: true });

test("threads give what the package gives", () =>
  withPool({ size: 3 }, async (pool) => {
    const expected = classifyBatch(TEXTS);
    const told = [];
    const given = await pool.classifyBatch(TEXTS, { progress: (progress) => told.push(progress) });
    assert.deepEqual(given.columns, expected.columns);
    assert.deepEqual(given.get(29_999), expected.get(29_999));
    assert.deepEqual(told.at(-1), { done: 30_000, total: 30_000 });
    assert.ok(told.length > 3 && told.every(({ done }, index) => index === 0 || done > told[index - 1].done));
    const all = await Promise.all(TEXTS.slice(0, 200).map((text) => pool.classifyAll(text)));
    assert.deepEqual(all, TEXTS.slice(0, 200).map((text) => classifyAll(text)));
    assert.deepEqual(await pool.classifyAll(new TextEncoder().encode(UNKNOWN), { form: "smtp" }), classifyAll(new TextEncoder().encode(UNKNOWN)));
    assert.equal(pool.pending, 0);
  }));

test("bytes with offsets stay with the caller, and empty batches are empty", () =>
  withPool({ size: 2 }, async (pool) => {
    const encoded = TEXTS.map((text) => new TextEncoder().encode(text));
    const bytes = new Uint8Array(Buffer.concat(encoded));
    const offsets = [0];
    for (const each of encoded) offsets.push(offsets.at(-1) + each.length);
    assert.deepEqual((await pool.classifyBatch({ bytes, offsets })).columns, classifyBatch(TEXTS).columns);
    assert.equal(bytes.length, offsets.at(-1));
    assert.equal((await pool.classifyBatch([])).length, 0);
    assert.equal((await pool.classifyBatch({ bytes, offsets: [0] })).length, 0);
  }));

test("of an iterable no more is taken than the threads can take", () =>
  withPool({ size: 2 }, async (pool) => {
    let taken = 0;
    let most = 0;
    let done = 0;
    async function* texts() {
      for (; taken < 60_000; taken += 1) {
        most = Math.max(most, taken - done);
        yield UNKNOWN;
      }
    }
    const result = await pool.classifyBatch(texts(), { progress: (progress) => ({ done } = progress) });
    assert.equal(result.length, 60_000);
    assert.equal(result.get(59_999).reason, "user-unknown");
    assert.ok(most <= 5 * 4096, `${most} texts ahead`);
  }));

test("room comes when a call would be taken up", () =>
  withPool({ size: 1 }, async (pool) => {
    let most = 0;
    const calls = [];
    for (let n = 0; n < 50; n += 1) {
      await pool.room();
      calls.push(pool.classifyAll(TEXTS[n]));
      most = Math.max(most, pool.pending);
    }
    await Promise.all(calls);
    assert.ok(most <= 2, `${most} pending`);
  }));

test("a signal rejects what waits and what is under way", () =>
  withPool({ size: 1 }, async (pool) => {
    const why = new Error("enough");
    await assert.rejects(pool.classifyAll(UNKNOWN, { signal: AbortSignal.abort(why) }), why);
    await assert.rejects(pool.classifyBatch([UNKNOWN], { signal: AbortSignal.abort(why) }), why);
    const silent = new AbortController();
    const never = pool.classifyBatch({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }, { signal: silent.signal });
    silent.abort(why);
    await assert.rejects(never, why);
    const stop = new AbortController();
    const calls = [1, 2, 3, 4].map(() => pool.classifyAll(UNKNOWN, { signal: stop.signal }));
    const batch = pool.classifyBatch(TEXTS, { signal: stop.signal, progress: () => stop.abort(why) });
    setTimeout(() => stop.abort(why), 2000);
    assert.equal((await Promise.allSettled([batch]))[0].reason, why);
    await Promise.allSettled(calls);
    assert.equal((await pool.classifyAll(UNKNOWN))[0].reason, "user-unknown", "the pool goes on");
  }));

test("what is wrong is named, whichever side finds it", () =>
  withPool({ size: 1 }, async (pool) => {
    for (const [call, code] of [
      [() => pool.classifyAll(5), "bad-input"],
      [() => pool.classifyAll(UNKNOWN, { colour: 1 }), "unknown-option"],
      [() => pool.classifyAll(UNKNOWN, { form: "fax" }), "bad-option"],
      [() => pool.classifyAll(UNKNOWN, { maxBytes: 5 }), "input-too-large"],
      [() => pool.classifyAll(UNKNOWN, { signal: 5 }), "bad-option"],
      [() => pool.classifyAll(UNKNOWN, null), "bad-option"],
      [() => pool.classifyBatch([UNKNOWN, 5]), "bad-input"],
      [() => pool.classifyBatch("text"), "bad-input"],
      [() => pool.classifyBatch({ bytes: new Uint8Array(2), offsets: [0, 3] }), "bad-input"],
      [() => pool.classifyBatch([UNKNOWN], { progress: 5 }), "bad-option"],
      [() => pool.classifyBatch([UNKNOWN], { maxBytes: 5 }), "input-too-large"],
    ]) {
      await assert.rejects(call, { code }, `${call}`);
    }
    for (const [options, code] of [[{ size: 0 }, "bad-option"], [{ timeout: 0 }, "bad-option"], [{ worker: 1 }, "bad-option"], [{ colour: 1 }, "unknown-option"], [null, "bad-option"]]) {
      assert.throws(() => createPool(options), { code });
    }
  }));

test("a thread that dies takes its calls with it, and another takes its place", async () => {
  let made = 0;
  const THREAD = pathToFileURL(join(installed, "worker-thread.node.js"));
  const mortal = scripted(`
    const { parentPort } = require("node:worker_threads");
    parentPort.postMessage({ ready: true });
    parentPort.on("message", () => { throw new Error("out of luck"); });`);
  await withPool({ size: 1, worker: () => (made++ === 0 ? mortal() : new Worker(THREAD)) }, async (pool) => {
    const calls = [1, 2, 3, 4, 5].map(() => pool.classifyAll(UNKNOWN));
    const ends = await Promise.allSettled(calls);
    assert.deepEqual(ends.map(({ reason }) => reason?.code), ["worker-died", "worker-died", undefined, undefined, undefined]);
    assert.match(ends[0].reason.message, /out of luck/);
    assert.equal(made, 2);
  });
});

test("a thread that does not start in time, or at all, rejects what waits", async () => {
  for (const [worker, message] of [
    [scripted("setInterval(() => {}, 1000)"), /not ready within 200 ms/],
    [scripted("throw new Error('no script')"), /no script/],
    [scripted("process.exit(3)"), /ended with 3/],
    [scripted("require('node:worker_threads').parentPort.postMessage({ failed: { message: 'no wasm' } })"), /no wasm/],
    [() => { throw new Error("no workers here"); }, /no workers here/],
  ]) {
    await withPool({ size: 1, timeout: message.source.includes("200") ? 200 : 20_000, worker }, async (pool) => {
      const ends = await Promise.allSettled([1, 2, 3].map(() => pool.classifyAll(UNKNOWN)));
      assert.ok(ends.every(({ reason }) => reason.code === "worker-failed" && message.test(reason.message)), `${message}: ${ends[0].reason}`);
    });
  }
});

test("a pool that is closed answers nobody any more", async () => {
  const pool = createPool({ size: 1 });
  const calls = [1, 2, 3, 4].map(() => pool.classifyAll(UNKNOWN));
  calls.push(pool.classifyBatch(TEXTS));
  const ended = Promise.allSettled(calls);
  await pool.close();
  assert.deepEqual((await ended).map(({ reason }) => reason.code), Array(5).fill("pool-closed"));
  await assert.rejects(pool.classifyAll(UNKNOWN), { code: "pool-closed" });
  await pool.room();
  await pool.close();
});

test("an idle pool keeps no process alive", () => {
  const folder = consumer("node");
  writeFileSync(join(folder, "pool.mjs"), `
    import { createPool } from "bouncelens/worker";
    const [verdict] = await createPool({ size: 2 }).classifyAll(${JSON.stringify(UNKNOWN)});
    console.log(verdict.reason);`);
  assert.equal(run(process.execPath, ["pool.mjs"], folder).trim(), "user-unknown");
});

/** The plain page with the pool in it. */
function page(policy) {
  const folder = consumer("page");
  cpSync(installed, join(folder, "node_modules/bouncelens"), { recursive: true });
  writeFileSync(join(folder, "main.js"), `
    import { createPool } from "./node_modules/bouncelens/worker.browser.js";
    globalThis.bouncelens = { createPool };`);
  return { folder, headers: { "content-security-policy": policy } };
}

const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:";

async function inPage(policy, use) {
  await withPage(async ({ page: tab, baseUrl }) => {
    await tab.goto(baseUrl);
    await tab.waitForFunction(() => globalThis.bouncelens !== undefined);
    await use(tab);
  }, page(policy));
}

test("a page classifies in workers", () =>
  inPage(`${STRICT}; worker-src 'self'`, async (tab) => {
    const [all, codes, length] = await tab.evaluate(async () => {
      const pool = globalThis.bouncelens.createPool({ size: 2 });
      const all = await pool.classifyAll("550 5.1.1 User unknown");
      const batch = await pool.classifyBatch(Array.from({ length: 10_000 }, (_, n) => (n % 2 ? "452 4.2.2 Mailbox full" : "550 5.1.1 User unknown")));
      await pool.close();
      return [all, [...batch.columns.code.slice(0, 2)], batch.length];
    });
    assert.deepEqual(all, classifyAll(UNKNOWN));
    assert.deepEqual([codes, length], [[550, 452], 10_000]);
  }));

test("Vite builds a page that brings the thread along", async () => {
  const folder = consumer("vite-pool");
  const { build } = await import(pathToFileURL(tools.resolve("vite")));
  await build({ root: folder, base: "./", logLevel: "error", configFile: false, worker: { format: "es" }, build: { target: "es2022" } });
  await withPage(async ({ page: tab, baseUrl }) => {
    await tab.goto(baseUrl);
    await tab.waitForFunction(() => document.title === "user-unknown");
  }, { folder: join(folder, "dist"), headers: { "content-security-policy": `${STRICT}; worker-src 'self'` } });
});

test("a page whose policy forbids workers, or wasm in them, is told so", () => {
  const refused = (policy) => inPage(policy, async (tab) => {
    const [code, message] = await tab.evaluate(() => globalThis.bouncelens.createPool({ size: 1 }).classifyAll("text").then(() => [], ({ code, message }) => [code, message]));
    assert.equal(code, "worker-failed", message);
  });
  return Promise.all([refused(`${STRICT}; worker-src 'none'`), refused(`${STRICT.replace(" 'wasm-unsafe-eval'", "")}; worker-src 'self'`)]);
});

test("under Trusted Types the page makes the worker", () =>
  inPage(`${STRICT}; worker-src 'self'; require-trusted-types-for 'script'; trusted-types own`, async (tab) => {
    const reason = await tab.evaluate(async () => {
      const policy = globalThis.trustedTypes.createPolicy("own", { createScriptURL: (address) => address });
      const worker = () => new Worker(policy.createScriptURL("./node_modules/bouncelens/worker-thread.browser.js"), { type: "module" });
      const pool = globalThis.bouncelens.createPool({ size: 1, worker });
      const [verdict] = await pool.classifyAll("550 5.1.1 User unknown");
      await pool.close();
      return verdict.reason;
    });
    assert.equal(reason, "user-unknown");
  }));
