// Rules of the user's own. For browsers, and for bundlers that build for them: they read the `new URL(…)`, and bring the
// file along.

import { bindRules } from "./lib/own.js";

export const createRules = /* @__PURE__ */ bindRules({ later: () => new URL("./regex.wasm", import.meta.url) }, "where the bundler does not bring regex.wasm along, call `createRules(rules, address)` with its address");
