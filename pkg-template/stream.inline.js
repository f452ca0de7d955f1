// Streams. For Node, Deno and Bun.

import { records } from "./inline.js";
import { bindStream } from "./lib/stream.js";

export const createStream = /* @__PURE__ */ bindStream(records);

export { kindOf } from "./lib/kinds.js";
export { isNothing, rowOf } from "./lib/rows.js";
