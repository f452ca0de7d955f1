// For browsers, and for bundlers that build for them. This is the only file that knows the addresses of
// the wasm: bundlers read `new URL(…, import.meta.url)` and bring the files along.

import { bind, explain as explained, records as read } from "./lib/api.js";

const api = /* @__PURE__ */ bind({
  engine: { later: () => new URL("./bouncelens.wasm", import.meta.url) },
  desk: { later: () => new URL("./desk.wasm", import.meta.url) },
  cure: "call `await init()` once before; where the bundler does not bring bouncelens.wasm along, `await init(address)` with its address, or import from \"bouncelens/inline\"",
  deskCure: "decisions, ledgers, reports and lists need desk.wasm: call `await init()` once before; where the bundler does not bring it along, `await init(address, { desk: address })` with both addresses",
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
