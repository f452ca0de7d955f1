// Makes the page work without the net, once it has been open for a while: never before the first answer.

import { ownScript } from "../trust.js";

/** Milliseconds until nobody waits for anything any more. */
const LATER = 3000;

export function keepForLater() {
  const sparing = navigator.connection?.saveData === true;
  if (!import.meta.env.PROD || sparing || !("serviceWorker" in navigator) || !isSecureContext) return;
  setTimeout(() => {
    // Refused, in a private window for instance: the page works as before, with the net.
    navigator.serviceWorker.register(ownScript(new URL("offline.js", document.baseURI).href)).catch(() => {});
  }, LATER);
}
