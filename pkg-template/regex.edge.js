// Rules of the user's own. For Vercel's edge.

import { bindRules } from "./lib/own.js";
import regex from "./regex.wasm?module";

export const createRules = /* @__PURE__ */ bindRules({ now: () => regex }, "this entry brings its own wasm: call `createRules(rules)` without a source");
