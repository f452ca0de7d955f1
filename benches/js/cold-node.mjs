// One cold start in a process of its own: `node cold-node.mjs WHAT PACKAGE WASM LIST`.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { cold } from "./cold.mjs";

const [what, folder, wasm, list] = process.argv.slice(2);
const times = await cold(what, {
  load: () => import(pathToFileURL(`${folder}/slim.js`)),
  wasm: readFileSync(wasm),
  list: what === "regexes" ? JSON.parse(readFileSync(list, "utf8")).regexes : undefined,
});
console.log(JSON.stringify(times));
