// A thread of Node that classifies batches, or does the same number of bare look-ups, when it is told to.

import { parentPort, workerData } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import { floors } from "./floors.mjs";

const { classifyBatch } = await import(pathToFileURL(`${workerData.folder}/inline.js`));
const floor = floors(workerData.floorWasm);
const { texts } = workerData;

parentPort.on("message", ({ what, times }) => {
  for (let i = 0; i < times; i += 1) {
    if (what === "batch") classifyBatch(texts);
    else for (const text of texts) floor.look(text);
  }
  parentPort.postMessage("done");
});
parentPort.postMessage("ready");
