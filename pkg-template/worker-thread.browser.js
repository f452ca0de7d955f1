// The script of a thread of the pool, in browsers.

import { classifyAll, classifyBatch, init } from "./index.browser.js";
import { answering } from "./lib/thread.js";

const answer = answering({ classifyAll, classifyBatch }, (message, transfer) => postMessage(message, transfer));
const ready = init(undefined, { desk: false });

addEventListener("message", ({ data }) => ready.then(() => answer(data), () => {}));
ready.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: { message: error.message } }),
);
