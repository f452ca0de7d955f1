// The wasm inside the JavaScript: for Node, Deno and Bun, and for bundlers that know no files. Needs no
// `init`.

import { bind, explain as explained, records as read } from "./lib/api.js";
import { bytesOf } from "./lib/base64.js";
import { base64 as desk } from "./lib/desk-wasm.js";
import { base64 as engine } from "./lib/wasm.js";

const api = /* @__PURE__ */ bind({ engine: { now: () => bytesOf(engine) }, desk: { now: () => bytesOf(desk) }, cure: "this entry carries its own wasm: call `init()` without a source" });

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
