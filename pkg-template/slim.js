// The whole API without the wasm: the caller loads it.

import { bind, explain as explained, records as read } from "./lib/api.js";

const api = /* @__PURE__ */ bind({
  engine: {},
  desk: {},
  cure: "call `await init(source)` once before, with the address, the response, the bytes or the compiled module of bouncelens.wasm",
  deskCure: "decisions, ledgers, reports and lists need desk.wasm: call `await init(source, { desk: source })` once before",
});

// One by one, and not taken out of `api` together: so bundlers leave out what nobody imports.
export const init = (source, options) => api.init(source, options);
export const classify = (input, options) => api.classify(input, options);
export const classifyAll = (input, options) => api.classifyAll(input, options);
export const classifyBatch = (inputs, options) => api.classifyBatch(inputs, options);
export const records = (input, options) => api.call(read, input, options);
export const explain = (input, options) => api.call(explained, input, options);
export const decide = (verdict, options) => api.decide(verdict, options);
export const createLedger = (options) => api.createLedger(options);
export const replay = (events, options) => api.replay(events, options);
export const summarise = (rows, options) => api.summarise(rows, options);
export const readSuppressionList = (text) => api.readSuppressionList(text);
export const writeSuppressionList = (entries, options) => api.writeSuppressionList(entries, options);
export { advise, locales } from "./lib/advise.js";
export { categories, policies, reasons } from "./lib/tables.js";
