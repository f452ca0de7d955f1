// Rules of the user's own, through every door of the package.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { withPage } from "../browser/harness.mjs";
import { consumer, installed } from "./consumer.mjs";

const load = (file) => import(pathToFileURL(join(installed, file)));
const { classify, classifyAll, classifyBatch, explain, records } = await load("inline.js");
const { createRules } = await load("regex.inline.js");
const { createStream } = await load("stream.inline.js");
const { createPool } = await load("worker.node.js");

const LIST = [
  { id: "acme/closed", pattern: String.raw`(?i)KÄSTLE (closed|shut) by \w+`, reason: "mailbox-disabled" },
  { id: "acme/any", pattern: "acme", reason: "mailbox-full" },
];
const TEXT = "450 \u{1f4ea} 4.7.1 Kästle closed by acme, blocked as spam";
const rules = await createRules(LIST);

test("the first rule that holds decides, and shows where", () => {
  const verdict = classify(TEXT, { rules });
  const { type, category, reason, fault, confidence, runnerUp } = verdict;
  assert.deepEqual([type, category, reason, fault, confidence], ["hard", "inactive-mailbox", "mailbox-disabled", "recipient", 0.95]);
  assert.deepEqual(runnerUp, { category: "spam-related", reason: "spam-content" });
  const [first, ...others] = verdict.because;
  assert.deepEqual(first, { rule: "acme/closed", role: "supports", reason: "mailbox-disabled", strength: "definite", text: "Kästle closed by acme", start: 13, end: 34 });
  assert.equal(TEXT.slice(first.start, first.end), first.text);
  const second = others.find(({ rule }) => rule === "acme/any");
  assert.deepEqual([second.role, TEXT.slice(second.start, second.end)], ["contradicts", "acme"]);
});

test("bytes, batches, streams, threads and explanations follow them", async () => {
  const bytes = new TextEncoder().encode(TEXT);
  const [link] = classify(bytes, { rules }).because;
  assert.equal(new TextDecoder().decode(bytes.subarray(link.start, link.end)), link.text);
  assert.deepEqual(classifyBatch([TEXT, "550 5.1.1 User unknown"], { rules }).toObjects().map(({ reason }) => reason), ["mailbox-disabled", "user-unknown"]);
  assert.deepEqual(classifyBatch([TEXT]).get(0).reason, "spam-content", "and only where they are given");
  assert.match(explain(TEXT, { rules }).text, /\+ mailbox-disabled \(definite, acme\/closed\)/);
  const [{ verdict }] = records(TEXT, { rules });
  assert.deepEqual(verdict, classify(TEXT, { rules }));
  const found = [];
  for await (const result of new Blob([`${TEXT}\n550 5.1.1 User unknown\n`]).stream().pipeThrough(createStream({ rules }))) found.push(result.verdict.reason);
  assert.deepEqual(found, ["mailbox-disabled", "user-unknown"]);
  const pool = createPool({ size: 2 });
  const more = await createRules([{ id: "other", pattern: "blocked", reason: "mailbox-full" }]);
  const answers = await Promise.all([rules, more, undefined].map((rules) => pool.classifyAll(TEXT, { rules })));
  assert.deepEqual(answers.map(([{ because }]) => because[0]), [rules, more, undefined].map((rules) => classify(TEXT, { rules }).because[0]));
  assert.equal((await pool.classifyBatch([TEXT], { rules })).get(0).reason, "mailbox-disabled");
  await pool.close();
});

test("what the message itself said is not searched", () => {
  const mail = (said) => ["From: mailer-daemon@example.com", "Subject: acme", "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.com", "", "Final-Recipient: rfc822; ann@example.com", "Action: failed", "Status: 5.1.1", `Diagnostic-Code: smtp; 550 5.1.1 ${said}`, "", "--b", "Content-Type: message/rfc822", "", "Subject: news of acme", "", "acme", "--b--", ""].join("\r\n");
  assert.deepEqual(classifyAll(mail("User unknown"), { rules }).map(({ reason }) => reason), ["user-unknown"]);
  assert.deepEqual(classifyAll(mail("gone, says acme"), { rules }).map(({ reason }) => reason), ["mailbox-full"]);
});

const refused = (rules, message) => assert.rejects(createRules(rules), { code: "bad-rule", message });
const one = (pattern, more) => [{ id: "x", pattern, reason: "mailbox-full", ...more }];

test("a rule that cannot be meant is named with what is wrong", async () => {
  await refused(null, /must be an array/);
  await refused(one("(a"), "rule `x`: unclosed group");
  await refused(one("a(?=b)"), /^rule `x`: look-around, .* is not supported$/);
  await refused(one("(a{1000}){1000}"), /^rule `x`: compiled, it takes more than \d+ bytes$/);
  await refused(one("a".repeat(5000)), /longer than 4096/);
  await refused(one("a", { reason: "closed" }), /^rule `x`: unknown reason `closed`/);
  await refused(one("a", { unless: "b" }), /^rule `x`: unknown key `unless`/);
  await refused([...one("a"), ...one("b")], /^rule `x`: another rule has this `id`$/);
  await refused([{ pattern: "a", reason: "mailbox-full" }], /^rule 0: `id`/);
  assert.throws(() => classify("", { rules: LIST }), { code: "bad-option", message: /createRules/ });
  assert.throws(() => createStream({ rules: {} }), { code: "bad-option" });
});

test("no pattern takes more than linear time", async () => {
  const rules = await createRules([...one("(x+x+)+y"), { id: "y", pattern: String.raw`(\w*\w*)*\d$`, reason: "mailbox-full" }]);
  const time = (length) => {
    const text = `550 ${"x".repeat(length)}`;
    classify(text, { rules });
    const begin = performance.now();
    for (let time = 0; time < 5; time += 1) classify(text, { rules });
    return performance.now() - begin;
  };
  const [short, long] = [time(1_000), time(15_000)];
  assert.ok(long < 100 * short + 200, `1,000 letters took ${short} ms, 15,000 took ${long}`);
});

test("a page and its threads have them under a strict policy", async () => {
  const folder = consumer("page");
  cpSync(installed, join(folder, "node_modules/bouncelens"), { recursive: true });
  await withPage(async ({ page, baseUrl }) => {
    await page.goto(baseUrl);
    await page.waitForFunction(() => globalThis.bouncelens !== undefined);
    const answer = await page.evaluate(async ([list, text]) => {
      const { classify, createPool, createRules, init } = globalThis.bouncelens;
      await init(undefined, { desk: false });
      const rules = await createRules(list);
      const pool = createPool({ size: 1 });
      const [verdict] = await pool.classifyAll(text, { rules });
      await pool.close();
      return [classify(text, { rules }).because[0].rule, verdict.because[0].rule];
    }, [LIST, TEXT]);
    assert.deepEqual(answer, ["acme/closed", "acme/closed"]);
  }, { folder, headers: { "content-security-policy": "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src data:; worker-src 'self'" } });
});

test("the command takes them from a file", () => {
  const file = (name, content) => {
    const path = join(installed, "../..", name);
    writeFileSync(path, content);
    return path;
  };
  const run = (...args) => spawnSync(process.execPath, [join(installed, "bin/bouncelens.js"), ...args], { input: TEXT, encoding: "utf8", env: { PATH: process.env.PATH, LANG: "C" } });
  const good = file("rules.json", JSON.stringify(LIST));
  assert.equal(JSON.parse(run("--json", "--rules", good).stdout).because[0].rule, "acme/closed");
  assert.match(run("explain", "--rules", good).stdout, /acme\/closed/);
  assert.match(run("report", "--group-by", "reason", "--rules", good).stdout, /mailbox-disabled/);
  const bad = run("--rules", file("bad.json", JSON.stringify(one("(a"))));
  assert.equal(bad.status, 2);
  assert.match(bad.stderr, /bad\.json: rule `x`: unclosed group/);
  assert.match(run("--rules", "no-such.json").stderr, /no-such\.json: there is no such file/);
});
