// Trusted Types: the scripts that this page starts by their address, and only its own.

const policy = globalThis.trustedTypes?.createPolicy("bouncelens-worker", {
  createScriptURL(address) {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) throw new TypeError(`not ours: ${url.origin}`);
    return url.href;
  },
});

/** @param {string} address @returns {string} what `new Worker` and `register` take */
export const ownScript = (address) => policy?.createScriptURL(address) ?? address;
