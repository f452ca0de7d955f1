// For browsers, and for bundlers that build for them. This is the only file that knows the addresses of
// the wasm: bundlers read `new URL(…, import.meta.url)` and bring the files along.

import { bind, explain as explained, records as read } from "./lib/api.js";

const api = /* @__PURE__ */ bind({
  engine: { later: () => new URL("./bouncelens.wasm", import.meta.url) },
  desk: { later: () => new URL("./desk.wasm", import.meta.url) },
  cure: "call `await init()` once before; where the bundler does not bring bouncelens.wasm along, `await init(address)` with its address, or import from \"bouncelens/inline\"",
  deskCure: "decisions, ledgers, reports and lists need desk.wasm: call `await init()` once before; where the bundler does not bring it along, `await init(address, { desk: address })` with both addresses",
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
