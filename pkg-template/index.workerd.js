// For Cloudflare's workerd, which compiles wasm only from files it was given.

import { bind, explain as explained, records as read } from "./lib/api.js";
import engine from "./bouncelens.wasm";
import desk from "./desk.wasm";

const api = /* @__PURE__ */ bind({ engine: { now: () => engine }, desk: { now: () => desk }, cure: "this entry brings its own wasm: call `init()` without a source" });

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
