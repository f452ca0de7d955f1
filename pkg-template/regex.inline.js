// Rules of the user's own. For Node, Deno and Bun, and for bundlers that know no files.

import { bytesOf } from "./lib/base64.js";
import { bindRules } from "./lib/own.js";
import { base64 } from "./lib/regex-wasm.js";

export const createRules = /* @__PURE__ */ bindRules({ now: () => bytesOf(base64) }, "this entry carries its own wasm: call `createRules(rules)` without a source");
