// `<bounce-lens>`: registers the element.

import { advise, classify, init } from "./index.browser.js";
import { bindElement } from "./lib/element.js";

export const BounceLens = bindElement({ advise, classify, init });

if (globalThis.customElements?.get("bounce-lens") === undefined) globalThis.customElements?.define("bounce-lens", BounceLens);
