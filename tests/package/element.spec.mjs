// `<bounce-lens>` on a plain page, under a strict policy.

import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { axe, withAxe, withPage } from "../browser/harness.mjs";
import { consumer, installed } from "./consumer.mjs";

const load = (file) => import(pathToFileURL(join(installed, file)));
const { advise, classify } = await load("inline.js");

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types 'none'";
const UNKNOWN = "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown";
const FULL = "452 4.2.2 Mailbox full";

/** A page with this in its body, the element registered and every answer that is expected there. */
async function withElement(body, use, { policy = POLICY, entry = "element.js", early = "", answers = 1, prepare = async () => {} } = {}) {
  const folder = consumer("page");
  cpSync(installed, join(folder, "node_modules/bouncelens"), { recursive: true });
  writeFileSync(join(folder, "index.html"), `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>plain</title><link rel="icon" href="data:,">
    <script type="module" src="./main.js"></script></head><body><main><h1>Plain</h1>${body}</main></body></html>`);
  writeFileSync(join(folder, "early.js"), early);
  writeFileSync(join(folder, "main.js"), `
    globalThis.events = [];
    for (const name of ["verdict", "trouble"]) addEventListener(name, ({ detail }) => globalThis.events.push([name, detail?.reason ?? detail?.code ?? null]));
    import("./node_modules/bouncelens/${entry}");`);
  await withPage(async ({ page, baseUrl }) => {
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    await page.addInitScript(() => {
      globalThis.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective));
    });
    await prepare(page);
    await page.goto(baseUrl);
    await page.waitForFunction((count) => globalThis.events?.length >= count, answers);
    await use(page);
    assert.deepEqual(wrong, []);
    if (policy === POLICY) assert.deepEqual(await page.evaluate(() => globalThis.violations), []);
  }, { folder, headers: { "content-security-policy": policy } });
}

/** What a part shows. */
const part = (page, name) => page.locator(`bounce-lens [part="${name}"]`).first().textContent();
const answered = (page, count) => page.waitForFunction((count) => globalThis.events.length >= count, count);

test("the attribute, the text within and the property are read, the last one first", () =>
  withElement(`<bounce-lens id="a" text="${UNKNOWN.replaceAll("<", "&lt;")}"></bounce-lens><bounce-lens id="b">${FULL}</bounce-lens>`, async (page) => {
    const reasons = () => page.evaluate(() => [...document.querySelectorAll("bounce-lens")].map(({ verdict }) => verdict?.reason ?? null));
    assert.deepEqual(await reasons(), ["user-unknown", "mailbox-full"]);
    assert.deepEqual(await page.evaluate(() => document.querySelector("#a").verdict), classify(UNKNOWN));
    await page.evaluate((text) => (document.querySelector("#b").firstChild.data = text), UNKNOWN);
    await answered(page, 3);
    assert.deepEqual(await reasons(), ["user-unknown", "user-unknown"]);
    await page.evaluate((text) => Object.assign(document.querySelector("#a"), { text }), FULL);
    await answered(page, 4);
    assert.deepEqual(await reasons(), ["mailbox-full", "user-unknown"]);
    await page.evaluate(() => Object.assign(document.querySelector("#a"), { text: "" }));
    await answered(page, 5);
    assert.deepEqual(await reasons(), [null, "user-unknown"]);
    assert.equal(await page.locator("#a [part=verdict]").count(), 0);
  }, { answers: 2 }));

test("many changes at a time give one answer", () =>
  withElement("<bounce-lens></bounce-lens>", async (page) => {
    await page.evaluate((texts) => texts.forEach((text) => (document.querySelector("bounce-lens").text = text)), [FULL, "a", "b", UNKNOWN]);
    await answered(page, 2);
    await page.waitForTimeout(100);
    assert.deepEqual(await page.evaluate(() => globalThis.events), [["verdict", null], ["verdict", "user-unknown"]]);
  }));

test("it speaks the language of its locale, or of what stands around it", () =>
  withElement(`<div lang="it-CH"><bounce-lens>${UNKNOWN.replaceAll("<", "&lt;")}</bounce-lens></div>`, async (page) => {
    const advice = advise(classify(UNKNOWN), "it");
    assert.equal(await part(page, "title"), advice.title);
    assert.equal(await part(page, "badge"), advice.comparison.title);
    await page.evaluate(() => document.querySelector("bounce-lens").setAttribute("locale", "de"));
    await answered(page, 2);
    assert.equal(await part(page, "title"), advise(classify(UNKNOWN), "de").title);
    await page.evaluate(() => (document.querySelector("bounce-lens").locale = "ja"));
    await answered(page, 3);
    assert.equal(await part(page, "title"), "No such user");
  }));

test("its labels are of the same language, also when the page changes it", () =>
  withElement(`<bounce-lens text="450 5.1.1 User unknown"></bounce-lens>`, async (page) => {
    const shown = () => page.evaluate(() => [...document.querySelector("bounce-lens").shadowRoot.querySelectorAll("dt, summary, [part=steps] > p, [part=likely-hard]")].map(({ textContent }) => textContent));
    let answers = 1;
    for (const locale of ["it", "de", "es", "fr", "en"]) {
      await page.evaluate((locale) => (document.documentElement.lang = locale), locale);
      await answered(page, ++answers);
      const { labels } = JSON.parse(readFileSync(join(installed, `locales/${locale}.json`), "utf8"));
      const { why, fault, confidence, advice, marketer, admin, evidence, likely_hard } = labels;
      assert.deepEqual((await shown()).sort(), [why, fault, confidence, advice, marketer, admin, evidence, likely_hard].sort(), locale);
    }
  }));

test("what a bounce contains becomes text and nothing else", () =>
  withElement("<bounce-lens></bounce-lens>", async (page) => {
    const hostile = `550 5.1.1 <img src=x onerror="globalThis.hit = true"><script>globalThis.hit = true</script> User unknown`;
    await page.evaluate((text) => Object.assign(document.querySelector("bounce-lens"), { text }), hostile);
    await answered(page, 2);
    assert.equal(await page.locator("bounce-lens img, bounce-lens script").count(), 0);
    assert.equal(await page.evaluate(() => globalThis.hit), undefined);
    const lines = await page.locator("bounce-lens [part=word]").allTextContents();
    assert.deepEqual(lines, classify(hostile).because.map(({ text }) => text).filter((text) => text !== ""));
  }));

test("pages dress it: properties, parts and states", () =>
  withElement(`<bounce-lens>${FULL}</bounce-lens>`, async (page) => {
    const shown = await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`bounce-lens { --bounce-lens-soft: rgb(1, 2, 3); --bounce-lens-ground: rgb(4, 5, 6); }
        bounce-lens::part(title) { color: rgb(7, 8, 9); } bounce-lens:state(soft) { outline: 3px solid rgb(10, 11, 12); }`);
      document.adoptedStyleSheets = [sheet];
      const element = document.querySelector("bounce-lens");
      const style = (name) => getComputedStyle(element.shadowRoot.querySelector(`[part="${name}"]`));
      return [style("badge").color, style("verdict").backgroundColor, style("title").color, getComputedStyle(element).outlineColor];
    });
    assert.deepEqual(shown, ["rgb(1, 2, 3)", "rgb(4, 5, 6)", "rgb(7, 8, 9)", "rgb(10, 11, 12)"]);
  }));

test("in a form its value is the reason", () =>
  withElement(`<form><bounce-lens name="why">${FULL}</bounce-lens></form>`, async (page) => {
    assert.equal(await page.evaluate(() => new FormData(document.querySelector("form")).get("why")), "mailbox-full");
  }));

test("its form can be forced, and what is no form is trouble", () =>
  withElement(`<form><bounce-lens name="why" read-as="log">${FULL}</bounce-lens></form>`, async (page) => {
    const form = () => page.evaluate(() => document.querySelector("bounce-lens").verdict?.form ?? null);
    assert.equal(await form(), classify(FULL, { form: "log" }).form);
    assert.ok(await page.evaluate(() => new FormData(document.querySelector("form")).get("why")));
    await page.evaluate(() => document.querySelector("bounce-lens").setAttribute("read-as", "fax"));
    await answered(page, 2);
    assert.match(await part(page, "trouble"), /unknown form `fax`/);
  }));

test("properties that were set before it was registered count", () =>
  withElement("<script src=\"./early.js\"></script>", async (page) => {
    assert.equal(await part(page, "title"), advise(classify(FULL), "it").title);
  }, { early: `const early = document.createElement("bounce-lens"); Object.assign(early, { text: "${FULL}", locale: "it" }); document.currentScript.after(early);` }));

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing in it: ${colorScheme}`, () =>
    withElement(`<bounce-lens>${FULL}</bounce-lens><bounce-lens text="550 5.1.1 User unknown"></bounce-lens><bounce-lens>Hello</bounce-lens>`, async (page) => {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(() => {
        document.documentElement.style.colorScheme = "light dark";
        for (const element of document.querySelectorAll("bounce-lens")) for (const details of element.shadowRoot.querySelectorAll("details")) details.open = true;
      });
      assert.deepEqual(await axe(page), []);
      const statuses = await page.locator("bounce-lens [role=status]").allTextContents();
      assert.deepEqual(statuses, ["Soft bounce: Mailbox full", "Hard bounce: No such user", "Not a bounce"]);
    }, { answers: 3, prepare: withAxe }));
}

test("where the wasm cannot be loaded it says so, and tries again with the next text", () =>
  withElement(`<bounce-lens>${FULL}</bounce-lens>`, async (page) => {
    assert.deepEqual(await page.evaluate(() => globalThis.events), [["trouble", "init-failed"]]);
    assert.match(await part(page, "trouble"), /could not load its wasm/);
    await page.unroute("**/*.wasm");
    await page.evaluate((text) => Object.assign(document.querySelector("bounce-lens"), { text }), UNKNOWN);
    await answered(page, 2);
    assert.equal(await part(page, "title"), "No such user");
  }, { prepare: (page) => page.route("**/*.wasm", (route) => route.abort()) }));

test("the entry with the wasm inside needs no other file", () =>
  withElement(`<bounce-lens>${FULL}</bounce-lens>`, async (page) => {
    assert.equal(await part(page, "title"), "Mailbox full");
  }, { entry: "element.inline.js", prepare: (page) => page.route("**/*.wasm", (route) => route.abort()) }));

test("a server can load the module", async () => {
  const { BounceLens } = await load("element.js");
  assert.equal(typeof BounceLens, "function");
});
