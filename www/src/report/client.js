// The page's side of the worker: questions become promises.

import address from "./worker.js?worker&url";

/** Trusted Types: the one script that this page starts by its address, and only its own. */
const trust = globalThis.trustedTypes?.createPolicy("bouncelens-worker", {
  createScriptURL(text) {
    const url = new URL(text, location.href);
    if (url.origin !== location.origin) throw new TypeError(`not ours: ${url.origin}`);
    return url.href;
  },
}) ?? { createScriptURL: (text) => text };

/**
 * @param {(progress: { path: string, done: number, total: number, records: number }) => void} progress
 * @param {(error: Error) => void} died
 */
export function hire(progress, died) {
  const worker = new Worker(trust.createScriptURL(address), { type: "module", name: "bouncelens report" });
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
