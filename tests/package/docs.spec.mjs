// The examples of docs/API.md, where every `expression; // value` has that value, and those of the two READMEs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
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

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const own = readFileSync(join(installed, "README.md"), "utf8");

/** What follows `//` is a value, and may go on in words. */
const valued = (code) => code.replace(/^(\S.*?);? +\/\/ ("[^"]*").*$/gm, "globalThis.check(() => $1, $2);");

for (const [name, text] of [["README.md", readme], ["the package's README", own]]) {
  test(`the example of ${name} has the values that it states`, async () => {
    let seen = 0;
    globalThis.check = (give, value) => {
      seen += 1;
      assert.equal(give(), value, `${give}`);
    };
    const [code] = /(?<=```js\n).*?(?=```)/s.exec(text);
    const file = join(installed, `../readme-${name.length}.mjs`);
    writeFileSync(file, valued(code));
    await import(pathToFileURL(file));
    assert.ok(seen >= 2);
  });
}

test("the command says what README.md shows of it", () => {
  const [, reply, shown] = /```console\n\$ echo "(.*?)" \| npx bouncelens\n(.*?)```/s.exec(readme);
  const plain = (text) => text.replace(/\s+/g, " ");
  const said = plain(execFileSync(process.execPath, [join(installed, "bin/bouncelens.js")], { input: reply, encoding: "utf8", env: { ...process.env, LC_ALL: "C" } }));
  for (const line of shown.split("\n")) assert.ok(said.includes(plain(line).trim()), line);
});

test("the package's README names every error code and function, and the command takes what both READMEs give it", async () => {
  const types = readFileSync(join(installed, "types.d.ts"), "utf8");
  const codes = [.../export type ErrorCode =([^;]*);/.exec(types)[1].matchAll(/"([^"]+)"/g)].map(([, code]) => code);
  const names = Object.keys(await import(pathToFileURL(join(installed, "inline.js"))));
  assert.deepEqual([...codes, ...names].filter((name) => !own.includes(`\`${name}`)), []);
  const { readArguments } = await import(pathToFileURL(join(installed, "bin/arguments.js")));
  const lines = [readme, own].flatMap((text) => [...text.matchAll(/^npx bouncelens (.*?) +#/gm)]).map(([, words]) => words.split(/\s+/));
  assert.ok(lines.length >= 9);
  for (const words of lines) readArguments(words, {});
});

test("the numbers of categories and reasons in README.md are right", async () => {
  const { categories, reasons } = await import(pathToFileURL(join(installed, "inline.js")));
  assert.ok(readme.includes(`${categories.length} categories, ${reasons.length} reasons`));
});
