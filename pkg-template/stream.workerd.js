// Streams. For Cloudflare's workerd.

import { records } from "./index.workerd.js";
import { bindStream } from "./lib/stream.js";

export const createStream = /* @__PURE__ */ bindStream(records);

export { kindOf } from "./lib/kinds.js";
export { isNothing, rowOf } from "./lib/rows.js";
