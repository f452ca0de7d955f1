import { readFile } from "node:fs/promises";
import { classify, init } from "bouncelens/slim";

const before = (() => {
  try {
    classify("550 User unknown");
  } catch (error) {
    return error.code;
  }
})();
await init(readFile(new URL(import.meta.resolve("bouncelens/bouncelens.wasm"))));
console.log(JSON.stringify([before, classify("550 5.1.1 User unknown").reason]));
