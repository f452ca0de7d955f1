// For Cloudflare's workerd, which compiles wasm only from files it was given.

import { bind } from "./lib/api.js";
import module from "./bouncelens.wasm";

const api = /* @__PURE__ */ bind({ now: () => module, cure: "this entry brings its own wasm: call `init()` without a source" });

export function init(source) {
  return api.init(source);
}

export function classify(input, options) {
  return api.classify(input, options);
}

export function classifyAll(input, options) {
  return api.classifyAll(input, options);
}

export function classifyBatch(inputs, options) {
  return api.classifyBatch(inputs, options);
}

export function explain(input, options) {
  return api.explain(input, options);
}

export { advise, locales } from "./lib/advise.js";
export { categories, reasons } from "./lib/tables.js";
