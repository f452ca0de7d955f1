// A real browser, and the folder that it looks at, served from this machine. `cargo xtask test` says
// where both are: BOUNCELENS_BROWSER is the program, BOUNCELENS_PAGE the folder.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
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
export async function withPage(
  use,
  { folder = process.env.BOUNCELENS_PAGE ?? "target/page", headers, context: settings } = {},
) {
  const server = await serve(folder, { headers });
  const context = await (await browser()).newContext(settings);
  try {
    await use({ page: await context.newPage(), baseUrl: server.address, context });
  } finally {
    await context.close();
    await server.close();
  }
}

/**
 * Opens the page. Whatever it does wrong by the way fails the test: errors, warnings, a request to
 * another origin, a violation of its content security policy.
 *
 * @param {(page: object, baseUrl: string) => Promise<void>} use
 * @param {{ hash?: string, prepare?: (page: object) => Promise<void>, context?: object, faults?: RegExp[] }} [options]
 *   `faults` are console errors that the test itself brings about
 */
export function onPage(use, { hash = "", prepare = async () => {}, context: settings, faults = [] } = {}) {
  return () =>
    withPage(
      async ({ page, baseUrl, context }) => {
        const wrong = [];
        const origin = new URL(baseUrl).origin;
        page.on("pageerror", (error) => wrong.push(`thrown: ${error.message}`));
        page.on("console", (message) => {
          const expected = faults.some((fault) => fault.test(message.text()));
          if (["error", "warning"].includes(message.type()) && !expected)
            wrong.push(`${message.type()}: ${message.text()}`);
        });
        // Of workers too.
        context.on("request", (request) => {
          const url = new URL(request.url());
          if (!["data:", "blob:"].includes(url.protocol) && url.origin !== origin)
            wrong.push(`request to ${url.origin}`);
        });
        await page.addInitScript(() => {
          globalThis.violations = [];
          document.addEventListener("securitypolicyviolation", (event) =>
            globalThis.violations.push(`${event.violatedDirective}: ${event.blockedURI}`),
          );
        });
        await prepare(page);
        await page.goto(new URL(hash, baseUrl).href);
        await use(page, baseUrl);
        const violations = await page.evaluate(() => globalThis.violations);
        assert.deepEqual(violations, [], "the content security policy was violated");
        assert.deepEqual(wrong, [], "the page did something wrong by the way");
      },
      { context: settings },
    );
}

/** Puts axe into the page before it loads. */
export async function withAxe(page) {
  await page.addInitScript(await readFile(tools.resolve("axe-core/axe.min.js"), "utf8"));
}

/** What axe finds, a line each. */
export async function axe(page) {
  return page.evaluate(async () => {
    const found = await globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    const say = ({ target, failureSummary }) => `${target} ${failureSummary}`;
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(say).join("; ")}`);
  });
}

/** Fails where the page shows a sentence in English. */
export async function assertNoEnglish(page, locale) {
  const english = JSON.parse(await readFile(new URL("../../www/src/strings/en.json", import.meta.url), "utf8"));
  const shown = await page.evaluate(() => {
    const attributes = [...document.querySelectorAll("[aria-label], [title]")].flatMap((element) => [
      element.getAttribute("aria-label"),
      element.title,
    ]);
    return [document.body.innerText, ...attributes].join("\n");
  });
  for (const [key, text] of Object.entries(english)) {
    // What stands between the placeholders, where it is more than a word or two.
    const parts = text.split(/\{\w+\}/).filter((part) => (part.match(/\p{L}{2,}/gu) ?? []).length >= 3);
    for (const part of parts) assert.ok(!shown.includes(part.trim()), `${locale} shows ${key} in English: ${part}`);
  }
}
