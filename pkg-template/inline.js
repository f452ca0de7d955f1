// The wasm inside the JavaScript: for Node, Deno and Bun, and for bundlers that know no files. Needs no
// `init`.

import { bind, explain as explained, records as read } from "./lib/api.js";
import { bytesOf } from "./lib/base64.js";
import { base64 as desk } from "./lib/desk-wasm.js";
import { base64 as engine } from "./lib/wasm.js";

const api = /* @__PURE__ */ bind({ engine: { now: () => bytesOf(engine) }, desk: { now: () => bytesOf(desk) }, cure: "this entry carries its own wasm: call `init()` without a source" });

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
