// `<bounce-lens>`: registers the element, with the wasm inside the JavaScript.

import { advise, classify, init } from "./inline.js";
import { bindElement } from "./lib/element.js";

export const BounceLens = bindElement({ advise, classify, init });

if (globalThis.customElements?.get("bounce-lens") === undefined) globalThis.customElements?.define("bounce-lens", BounceLens);
