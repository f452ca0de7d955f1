// For Cloudflare's workerd, which compiles wasm only from files it was given.

import { bind, explain as explained, records as read } from "./lib/api.js";
import engine from "./bouncelens.wasm";
import desk from "./desk.wasm";

const api = /* @__PURE__ */ bind({ engine: { now: () => engine }, desk: { now: () => desk }, cure: "this entry brings its own wasm: call `init()` without a source" });

export function init(source, options) {
  return api.init(source, options);
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

export function records(input, options) {
  return api.call(read, input, options);
}

export function explain(input, options) {
  return api.call(explained, input, options);
}

export function decide(verdict, options) {
  return api.decide(verdict, options);
}

export function createLedger(options) {
  return api.createLedger(options);
}

export function replay(events, options) {
  return api.replay(events, options);
}

export function summarise(rows, options) {
  return api.summarise(rows, options);
}

export function readSuppressionList(text) {
  return api.readSuppressionList(text);
}

export function writeSuppressionList(entries, options) {
  return api.writeSuppressionList(entries, options);
}

export { advise, locales } from "./lib/advise.js";
export { categories, policies, reasons } from "./lib/tables.js";
