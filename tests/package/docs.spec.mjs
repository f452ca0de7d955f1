// The examples of docs/API.md: every `expression; // value` has that value.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { installed } from "./consumer.mjs";

const page = readFileSync(new URL("../../docs/API.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code);

/** The block as a module that hands over what is said about its lines. */
function checked(code) {
  return code.replace(/^(\S.*?);? \/\/ (.*)$/gm, (_, expression, value) => {
    const thrown = /^throws (.*)/.exec(value)?.[1];
    return thrown === undefined
      ? `globalThis.check(() => ${expression}, ${value});`
      : `globalThis.fails(() => ${expression}, ${JSON.stringify(thrown)});`;
  }).replaceAll("() => await ", "async () => await ");
}

test("the page has examples", () => assert.ok(blocks.length >= 12));

for (const [index, code] of blocks.entries()) {
  test(`example ${index + 1}: ${/import \{ (.*?) \}/.exec(code)[1]}`, async () => {
    let seen = 0;
    const waiting = [];
    globalThis.check = (give, value) => {
      seen += 1;
      const given = give();
      if (typeof given?.then === "function") waiting.push(given.then((late) => assert.deepEqual(late, value)));
      else assert.deepEqual(given, value, `${give}`);
    };
    globalThis.fails = (give, expected) => {
      seen += 1;
      assert.throws(give, { code: expected }, `${give}`);
    };
    const file = join(installed, `../example-${index}.mjs`);
    writeFileSync(file, checked(code));
    await import(pathToFileURL(file));
    await Promise.all(waiting);
    assert.equal(seen, code.match(/^\S.* \/\/ /gm).length);
  });
}

test("the page names every function, error code and field of a report", async () => {
  const entries = ["inline.js", "stream.inline.js", "worker.node.js", "regex.inline.js", "element.js"].map((file) => import(pathToFileURL(join(installed, file))));
  const names = (await Promise.all(entries)).flatMap((entry) => Object.keys(entry));
  const types = readFileSync(join(installed, "types.d.ts"), "utf8");
  const codes = [.../export type ErrorCode =([^;]*);/.exec(types)[1].matchAll(/"([^"]+)"/g)].map(([, code]) => code);
  const fields = [.../export type ReportField =([^;]*);/.exec(types)[1].matchAll(/"([^"]+)"/g)].map(([, field]) => field);
  assert.deepEqual([...names, ...codes, ...fields].filter((name) => !page.includes(name)), []);
});
