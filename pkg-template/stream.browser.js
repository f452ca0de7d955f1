// Streams. For browsers, and for bundlers that build for them: needs `init` of the package.

import { records } from "./index.browser.js";
import { bindStream } from "./lib/stream.js";

export const createStream = /* @__PURE__ */ bindStream(records);

export { kindOf } from "./lib/kinds.js";
export { isNothing, rowOf } from "./lib/rows.js";
