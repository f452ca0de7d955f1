// A pool of workers, in browsers.

import { bindPool } from "./lib/pool.js";

export const createPool = /* @__PURE__ */ bindPool({
  // Bundlers read this line, and bring the file along.
  start: () => new Worker(new URL("./worker-thread.browser.js", import.meta.url), { type: "module", name: "bouncelens" }),
  cores: () => globalThis.navigator?.hardwareConcurrency ?? 2,
  link(worker, told, died) {
    worker.addEventListener("message", ({ data }) => told(data));
    worker.addEventListener("messageerror", () => died("its answer could not be read"));
    worker.addEventListener("error", (event) => {
      event.preventDefault?.();
      died(event.message || "its script could not be loaded");
    });
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      hold: () => {},
      end: () => worker.terminate(),
    };
  },
});
