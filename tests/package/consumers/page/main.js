import { classify, decide, init } from "./node_modules/bouncelens/index.browser.js";
import { createRules } from "./node_modules/bouncelens/regex.browser.js";
import { createPool } from "./node_modules/bouncelens/worker.browser.js";

globalThis.bouncelens = { classify, createPool, createRules, decide, init };
