import { readFile } from "node:fs/promises";
import { classify, decide, init } from "bouncelens/slim";

const file = (name) => readFile(new URL(import.meta.resolve(`bouncelens/${name}`)));
const refused = (use) => {
  try {
    use();
  } catch (error) {
    return error.code;
  }
};

const before = refused(() => classify("550 User unknown"));
await init(file("bouncelens.wasm"));
const verdict = classify("550 5.1.1 User unknown");
const without = refused(() => decide(verdict, { now: 0 }));
await init(undefined, { desk: file("desk.wasm") });
console.log(JSON.stringify([before, verdict.reason, without, decide(verdict, { now: 0 }).action]));
