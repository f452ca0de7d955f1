import { Worker, isMainThread, parentPort } from "node:worker_threads";
import { classifyBatch } from "bouncelens";

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  worker.on("message", (columns) => {
    console.log(JSON.stringify([...columns.code]));
    worker.terminate();
  });
} else {
  const result = classifyBatch(["452 4.2.2 Mailbox full", "550 5.1.1 User unknown"]);
  parentPort.postMessage(result.columns, result.transferables());
}
