// The page's side of the worker: questions become promises.

import { ownScript } from "../trust.js";
import address from "./worker.js?worker&url";

/**
 * @param {(progress: { path: string, done: number, total: number, records: number }) => void} progress
 * @param {(error: Error) => void} died
 */
export function hire(progress, died) {
  const worker = new Worker(ownScript(address), { type: "module", name: "bouncelens report" });
  const waiting = new Map();
  let last = 0;

  worker.addEventListener("message", ({ data }) => {
    if (data.progress) return progress(data.progress);
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) reject(Object.assign(new Error(data.error.message), data.error));
    else resolve(data.answer);
  });
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    const error = Object.assign(new Error(event.message || "the worker did not start"), { code: "worker" });
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    died(error);
  });

  return {
    /** @param {string} ask @param {object} [question] */
    ask(ask, question = {}) {
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, ask, ...question });
      });
    },
    end: () => worker.terminate(),
  };
}
