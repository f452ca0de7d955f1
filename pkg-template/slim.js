// The whole API without the wasm: the caller loads it.

import { bind, explain as explained, records as read } from "./lib/api.js";

const api = /* @__PURE__ */ bind({
  engine: {},
  desk: {},
  cure: "call `await init(source)` once before, with the address, the response, the bytes or the compiled module of bouncelens.wasm",
  deskCure: "decisions, ledgers, reports and lists need desk.wasm: call `await init(source, { desk: source })` once before",
});

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
