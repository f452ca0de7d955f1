// What every entry of the package shares. An entry differs only in how it finds the wasm.

import * as desk from "./desk.js";
import { Engine } from "./engine.js";
import { failure, named } from "./error.js";
import { transcript } from "./explain.js";
import { readOptions } from "./options.js";

/**
 * @param {object} home where the wasm is
 * @param {() => BufferSource | WebAssembly.Module} [home.now] gives it at once
 * @param {() => unknown} [home.later] gives a source for `init` to load
 * @param {string} home.cure what to do where there is neither
 */
export function bind({ now, later, cure }) {
  /** Kept, so that an instance that died can be replaced. */
  let module;
  let engine;
  let loading;

  function ready() {
    if (engine === undefined || engine.dead) {
      if (module === undefined) {
        if (now === undefined) throw failure("not-initialised", `bouncelens is not initialised: ${cure}`);
        module = compileNow(now());
      }
      engine = new Engine(module);
    }
    return engine;
  }

  /** Calls into the wasm. What it throws itself would be a defect of ours: the next call starts afresh. */
  function call(use, input, options) {
    const settings = readOptions(options);
    const current = ready();
    try {
      return use(current, input, settings);
    } catch (error) {
      if (typeof error?.code === "string") throw error;
      engine = undefined;
      throw failure("internal", `bouncelens failed on this input, which is a defect; please report it: ${error}`, error);
    }
  }

  async function load(source) {
    module ??= await compile(source ?? later?.() ?? now?.(), cure);
    ready();
  }

  return {
    init(source) {
      if (engine !== undefined) return Promise.resolve();
      loading ??= load(source).finally(() => {
        loading = undefined;
      });
      return loading;
    },
    classify: (input, options) => call(classify, input, options),
    classifyAll: (input, options) => call(classifyAll, input, options),
    classifyBatch: (inputs, options) => call(classifyBatch, inputs, options),
    explain: (input, options) => call(explain, input, options),
    decide: (verdict, options) => desk.decide(ready(), verdict, options),
    createLedger: (options) => desk.createLedger(ready(), options),
    replay: (events, options) => desk.replay(ready(), events, options),
    summarise: (rows, options) => desk.summarise(ready(), rows, options),
    readSuppressionList: (text) => desk.readSuppressionList(ready(), text),
    writeSuppressionList: (entries, options) => desk.writeSuppressionList(ready(), entries, options),
  };
}

const classify = (engine, input, settings) => engine.classify(input, settings);
const classifyAll = (engine, input, settings) => engine.classifyAll(input, settings);
const classifyBatch = (engine, inputs, settings) => engine.batch(inputs, settings);

function explain(engine, input, settings) {
  const records = engine.records(input, settings);
  const { layout, sure, asked, parts } = engine.outline(input, settings);
  const recognised = { layout, confidence: sure / 100, asked };
  const list = parts.map(({ role, used, name, fact, count, start = null, end = null }) => ({
    role,
    used,
    name,
    fact: fact === "" ? null : fact,
    count,
    start,
    end,
  }));
  return { text: transcript(recognised, list, records), recognised, parts: list, records };
}

function compileNow(source) {
  try {
    return source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source);
  } catch (error) {
    throw refused(error);
  }
}

async function compile(source, cure) {
  try {
    source = await source;
    if (typeof source === "string" || typeof source?.href === "string") source = await fetch(source);
    if (source instanceof WebAssembly.Module) return source;
    if (typeof source?.arrayBuffer === "function") {
      if (source.ok === false) throw new Error(`${source.url || "the wasm"} answered ${source.status}`);
      source = await source.arrayBuffer();
    }
  } catch (error) {
    throw failure("init-failed", `bouncelens could not load its wasm: ${error?.message ?? error}; ${cure}`, error);
  }
  if (!(source instanceof ArrayBuffer || ArrayBuffer.isView(source))) {
    throw failure("init-failed", `init takes an address, a response, bytes or a compiled module, not ${named(source)}; ${cure}`);
  }
  try {
    return await WebAssembly.compile(source);
  } catch (error) {
    throw refused(error);
  }
}

/** The wasm is there, and the platform will not have it. */
function refused(error) {
  const message = `${error?.message ?? error}`;
  const cure = /unsafe-eval|Content Security Policy/i.test(message)
    ? "allow 'wasm-unsafe-eval' in the script-src of the page's Content-Security-Policy"
    : /magic (word|number|header)|doesn't start with/i.test(message)
      ? "the address gave something else than bouncelens.wasm, most often the bundler's HTML page: pass its real address to init"
      : "it needs WebAssembly with SIMD (Node 16.4, Chrome 91, Firefox 89, Safari 16.4)";
  return failure("init-failed", `bouncelens could not compile its wasm: ${message}; ${cure}`, error);
}
