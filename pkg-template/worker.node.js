// A pool of threads, in Node, Deno and Bun.

import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { bindPool } from "./lib/pool.js";

export const createPool = /* @__PURE__ */ bindPool({
  start: () => new Worker(new URL("./worker-thread.node.js", import.meta.url), { name: "bouncelens" }),
  cores: availableParallelism,
  link(worker, told, died) {
    worker.on("message", told);
    worker.on("messageerror", () => died("its answer could not be read"));
    worker.on("error", (error) => died(`${error?.message ?? error}`));
    worker.on("exit", (code) => died(`it ended with ${code}`));
    return {
      post: (message, transfer) => worker.postMessage(message, transfer),
      // A thread that has nothing to do keeps no process alive.
      hold: (busy) => (busy ? worker.ref() : worker.unref()),
      end: () => worker.terminate(),
    };
  },
});
