// Streams. For Vercel's edge.

import { records } from "./index.edge.js";
import { bindStream } from "./lib/stream.js";

export const createStream = /* @__PURE__ */ bindStream(records);

export { kindOf } from "./lib/kinds.js";
export { isNothing, rowOf } from "./lib/rows.js";
