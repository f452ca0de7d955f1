// One wasm: where it is, and the instance of it that answers.

import { failure, named } from "./error.js";

export class Home {
  #now;
  #later;
  #cure;
  #make;
  /** Kept, so that an instance that died can be replaced. */
  #module;
  #instance;
  #loading;

  /**
   * @param {object} home
   * @param {() => BufferSource | WebAssembly.Module} [home.now] gives it at once
   * @param {() => unknown} [home.later] gives a source to load it from
   * @param {string} cure what to do where there is neither
   * @param {(module: WebAssembly.Module) => object} make makes an instance
   */
  constructor({ now, later }, cure, make) {
    this.#now = now;
    this.#later = later;
    this.#cure = cure;
    this.#make = make;
  }

  /** The instance; an error that names the cure where there is none yet. */
  ready() {
    if (this.#instance === undefined || this.#instance.dead) {
      if (this.#module === undefined) {
        if (this.#now === undefined) throw failure("not-initialised", `bouncelens is not initialised: ${this.#cure}`);
        this.#module = compileNow(this.#now());
      }
      this.#instance = this.#make(this.#module);
    }
    return this.#instance;
  }

  /** The next call makes a new instance. */
  drop() {
    this.#instance = undefined;
  }

  /** Loads it, once; after a failure it may be tried again. */
  load(source) {
    if (this.#instance !== undefined) return Promise.resolve();
    this.#loading ??= this.#load(source).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #load(source) {
    this.#module ??= await compile(source ?? this.#later?.() ?? this.#now?.(), this.#cure);
    this.ready();
  }
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
    if (source?.ok === false) throw new Error(`${source.url || "the wasm"} answered ${source.status}`);
    if (typeof source?.arrayBuffer === "function" && !streams(source)) source = await source.arrayBuffer();
  } catch (error) {
    throw failure("init-failed", `bouncelens could not load its wasm: ${error?.message ?? error}; ${cure}`, error);
  }
  if (!(source instanceof ArrayBuffer || ArrayBuffer.isView(source) || streams(source))) {
    throw failure("init-failed", `init takes an address, a response, bytes or a compiled module, not ${named(source)}; ${cure}`);
  }
  try {
    return await (streams(source) ? WebAssembly.compileStreaming(source) : WebAssembly.compile(source));
  } catch (error) {
    throw refused(error);
  }
}

/** Whether it can be compiled while it arrives: a response that says that it is wasm. */
function streams(source) {
  return typeof WebAssembly.compileStreaming === "function" && typeof Response === "function" &&
    source instanceof Response && /^application\/wasm$/i.test(source.headers.get("content-type"));
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
