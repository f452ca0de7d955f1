// The script of a thread of the pool, in Node, Deno and Bun.

import { parentPort } from "node:worker_threads";
import { classifyAll, classifyBatch } from "./inline.js";
import { answering } from "./lib/thread.js";

const answer = answering({ classifyAll, classifyBatch }, (message, transfer) => parentPort.postMessage(message, transfer));

parentPort?.on("message", answer);
parentPort?.postMessage({ ready: true });
