import { classify, decide, init } from "./node_modules/bouncelens/index.browser.js";

globalThis.bouncelens = { classify, decide, init };
