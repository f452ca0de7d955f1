// A report as a workbook: read back as a spreadsheet would.

import assert from "node:assert/strict";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { consumer, installed, run } from "./consumer.mjs";
import { sheets, unzip } from "./workbook.mjs";

const { summarise } = await import(pathToFileURL(join(installed, "inline.js")));
const { xlsx } = await import(pathToFileURL(join(installed, "lib/xlsx.js")));

const DAY = Date.UTC(2026, 0, 31);
const bounce = (fields) => ({ kind: "bounce", type: "soft", reason: "greylisted", time: DAY + 3_600_000, ...fields });
const NUMBERS = ["amount", "hard", "soft", "first-attempt", "final", "delivered-later"];

test("a workbook has typed cells under one frozen row that filters", async () => {
  const rows = [bounce({ fromDomain: "shop.example", text: "450 <a@r.example> Greylisted for 120 seconds!" }), bounce({ fromDomain: "shop.example", text: "450 <b@r.example> Greylisted for 99 seconds!" }), bounce({ time: null })];
  const report = summarise(rows, { groupBy: ["from-domain", "day", "bounce-text"] });
  const bytes = await report.toXLSX();
  assert.ok(bytes instanceof Uint8Array);
  const [sheet, ...others] = sheets(bytes);
  assert.deepEqual(others, []);
  assert.deepEqual(sheet.rows, [
    ["from-domain", "day", "bounce-text", ...NUMBERS, "example"],
    ["shop.example", new Date(DAY), "450 <<EMAIL>> Greylisted for <N> seconds!", 2, 0, 2, 2, 2, 0, "450 <a@r.example> Greylisted for 120 seconds!"],
    [null, null, null, 1, 0, 1, 1, 1, 0],
  ]);
  assert.match(sheet.xml, /<pane [^>]*ySplit="1"[^>]*state="frozen"/);
  assert.match(sheet.xml, /<\/sheetData><autoFilter ref="A1:J3"\/>/);
  assert.match(unzip(bytes)["xl/workbook.xml"], /<\/sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">'Bounces'!\$A\$1:\$J\$3<\/definedName><\/definedNames><calcPr/);
  assert.equal([...sheet.xml.matchAll(/<col [^>]*width="(\d+)"/g)].length, 10);
});

test("what would be run as a formula is neutralised, as in CSV", async () => {
  const campaigns = ["=1+1", "+49", "-x", "@a", "\tx", "\rx", "'=x", "a=b", "<&>\"'", "constructor", "__proto__", "ü 漢 😀", "bell\u0007"];
  const report = summarise(campaigns.map((campaign) => bounce({ campaign })), { groupBy: ["campaign"] });
  const [{ rows }] = sheets(await report.toXLSX());
  const cells = new Set(rows.slice(1).map(([cell]) => cell));
  assert.deepEqual(cells, new Set(["'=1+1", "'+49", "'-x", "'@a", "'\tx", "'\rx", "''=x", "a=b", "<&>\"'", "constructor", "__proto__", "ü 漢 😀", "bell"]));
});

test("an empty report is a header", async () => {
  const [{ rows }] = sheets(await summarise([], { groupBy: ["reason"] }).toXLSX());
  assert.deepEqual(rows, [["reason", ...NUMBERS, "example"]]);
  const [total] = sheets(await summarise([bounce({})]).toXLSX());
  assert.deepEqual(total.rows[1].slice(0, 6), [1, 0, 1, 1, 1, 0]);
});

test("ten thousand groups are as exact as in the report, without a worker", async () => {
  const groups = Array.from({ length: 10_000 }, (_, index) => index);
  const report = summarise(groups.flatMap((group) => Array(1 + (group % 3)).fill(bounce({ campaign: `c${group}`, text: `450 ${"word ".repeat(20)}` }))), { groupBy: ["campaign"] });
  const { Worker } = globalThis;
  globalThis.Worker = class { constructor() { throw new Error("no workers here"); } };
  try {
    const [{ rows }] = sheets(await report.toXLSX());
    assert.deepEqual(rows.slice(1).map(([campaign, amount]) => [campaign, amount]), report.lines.map(({ keys, amount }) => [keys[0], amount]));
    assert.equal(rows.slice(1).reduce((sum, [, amount]) => sum + amount, 0), report.total.amount);
  } finally {
    globalThis.Worker = Worker;
  }
});

test("a long text is cut to what a cell takes, and many rows go on in the next sheet", async () => {
  const line = (campaign) => ({ keys: [campaign], amount: 1, hard: 0, soft: 1, first: 1, final: 1, deliveredLater: 0, example: "x".repeat(40_000) });
  const book = sheets(await xlsx({ fields: ["campaign"], lines: ["a", "b", "c"].map(line) }, 2));
  assert.deepEqual(book.map(({ name, rows }) => [name, rows.map(([cell]) => cell)]), [["Bounces", ["campaign", "a", "b"]], ["Bounces 2", ["campaign", "c"]]]);
  assert.equal(book[0].rows[1].at(-1), `${"x".repeat(32_766)}…`);
});

test("where its part of the package is missing the error says so", () => {
  const folder = consumer("node");
  const own = join(folder, "node_modules/bouncelens");
  cpSync(installed, own, { recursive: true });
  rmSync(join(own, "lib/workbook.js"));
  const said = run(process.execPath, ["xlsx.mjs"], folder).trim();
  rmSync(own, { recursive: true });
  assert.equal(said, "xlsx-unavailable");
  assert.match(run(process.execPath, ["xlsx.mjs"], folder), /^PK/);
});
