// Does a second thread double the work? Beside bare look-ups, because a busy machine gives no second core.

import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { quartiles } from "./measure.mjs";

export async function workers({ folder, floorWasm, texts, quick }) {
  const file = new URL("./worker.mjs", import.meta.url);
  const both = [0, 1].map(() => new Worker(file, { workerData: { folder, floorWasm, texts } }));
  await Promise.all(both.map((worker) => once(worker, "message")));
  const run = async (threads, task) => {
    const begin = performance.now();
    await Promise.all(threads.map((worker) => {
      const done = once(worker, "message");
      worker.postMessage(task);
      return done;
    }));
    return performance.now() - begin;
  };
  const tasks = [
    { id: "batch", name: "classifyBatch", what: "batch", times: quick ? 1 : 60 },
    { id: "look", name: "floor: a table look-up per byte", what: "look", times: quick ? 10 : 1200 },
  ];
  const rows = [];
  for (const { id, name, ...task } of tasks) {
    await run(both, task);
    const gains = [];
    const alone = [];
    for (let round = 0; round < (quick ? 1 : 9); round += 1) {
      alone.push(await run([both[0]], task));
      gains.push((2 * alone.at(-1)) / (await run(both, task)));
    }
    const [q1, median, q3] = quartiles(gains);
    rows.push({ id, name, alone: quartiles(alone)[1] / task.times / texts.length * 1e6, q1, median, q3 });
  }
  await Promise.all(both.map((worker) => worker.terminate()));
  return { id: "workers", title: "two threads to one", rows };
}
