import { classify, init } from "./node_modules/bouncelens/index.browser.js";

globalThis.bouncelens = { classify, init };
