// A real browser, and the folder that it looks at, served from this machine. `cargo xtask test` says
// where both are: BOUNCELENS_BROWSER is the program, BOUNCELENS_PAGE the folder.

import { createRequire } from "node:module";
import { after } from "node:test";
import { serve } from "../../xtask/node/serve.mjs";

const tools = createRequire(new URL("../../xtask/node/package.json", import.meta.url));

const FLAGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-gpu",
  "--disable-quic",
];

let running;

/** The browser, one for all tests of a file. */
function browser() {
  const { chromium } = tools("playwright-core");
  // Chromium refuses to sandbox what root starts.
  const args = process.getuid?.() === 0 ? [...FLAGS, "--no-sandbox"] : FLAGS;
  running ??= chromium.launch({ executablePath: process.env.BOUNCELENS_BROWSER, args });
  return running;
}

after(async () => (await running)?.close());

/**
 * Serves a folder and opens an empty page in a new, private context.
 *
 * @param {(at: { page: object, baseUrl: string, context: object }) => Promise<void>} use
 * @param {object} [options]
 * @param {string} [options.folder] what is served; the built page if not given
 * @param {Record<string, string>} [options.headers] sent with every answer
 * @param {object} [options.context] Playwright's options: viewport, colour scheme, locale
 */
export async function withPage(use, { folder = process.env.BOUNCELENS_PAGE ?? "target/page", headers, context: settings } = {}) {
  const server = await serve(folder, { headers });
  const context = await (await browser()).newContext(settings);
  try {
    await use({ page: await context.newPage(), baseUrl: server.address, context });
  } finally {
    await context.close();
    await server.close();
  }
}
