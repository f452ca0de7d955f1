// The parts of the report that need no browser: reading times, and cutting files into portions.

import assert from "node:assert/strict";
import { test } from "node:test";
import { portions } from "../../www/src/report/portions.js";
import { when } from "../../www/src/report/when.js";

test("times are read in the ways in which they are written", () => {
  const ten = Date.UTC(2024, 4, 1, 10);
  const near = Date.UTC(2024, 5, 1);
  for (const text of [
    "May  1 10:00:00",
    "Wed May  1 10:00:00 2024",
    "2024-05-01 10:00:00",
    "2024-05-01T10:00:00Z",
    "2024-05-01T12:00:00.000+02:00",
    "2024-05-01 08:00:00 -0200",
    "2024/05/01 10:00",
    "Wed, 1 May 2024 10:00:00 +0000",
    "1 May 2024 06:00:00 EDT",
    "01/May/2024:10:00:00 +0000",
    "[01/May/2024:10:00:00 +0000]",
    "01.05.2024 10:00",
    "1714557600",
    "1714557600000",
    "1714557600000000",
    "1714557600.25",
    "@40000000663212aa0bebc200",
  ]) {
    assert.equal(when(text, near), ten, text);
  }
  assert.equal(when("2024-05-01", near), Date.UTC(2024, 4, 1));
  assert.equal(when("05/31/2024", near), Date.UTC(2024, 4, 31));
  assert.equal(when("31/05/2024", near), Date.UTC(2024, 4, 31));
});

test("a time without a year is the latest before the file was changed", () => {
  assert.equal(when("Dec 31 23:00:00", Date.UTC(2024, 0, 1, 1)), Date.UTC(2023, 11, 31, 23));
  assert.equal(when("Jan  1 01:00:00", Date.UTC(2023, 11, 31, 23)), Date.UTC(2024, 0, 1, 1), "a clock two hours ahead");
  assert.equal(when("Feb 29 01:00:00", Date.UTC(2026, 0, 1)), Date.UTC(2024, 1, 29, 1));
});

test("what can be read in two ways, or in none, is no time", () => {
  for (const text of [
    null,
    "",
    "yesterday",
    "03/04/2024",
    "2024-02-30",
    "2024-05-01 25:00",
    "Foo  1 10:00:00",
    "99.99.2024",
  ]) {
    assert.equal(when(text, Date.UTC(2024, 5, 1)), null, String(text));
  }
});

/** A file that arrives in pieces of awkward lengths. */
async function* arriving(text, step) {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
}

async function cut(text, form, step = 700_001) {
  const found = [];
  for await (const { input, before } of portions(arriving(text, step), () => form)) {
    found.push({ input: typeof input === "string" ? input : new TextDecoder().decode(input), before });
  }
  return found;
}

/** What the portions hold beyond what was put before them. */
const own = (found) => found.map(({ input, before }) => input.slice(before.length));

test("portions of lines, tables and mailboxes are the file again, cut where a record ends", async () => {
  const mail = (n) =>
    `From a@example.com Wed May  1 10:00:00 2024\nSubject: ${n}\n\n${"line of text é\n".repeat(300)}\nFrom here on it is text\n\n`;
  const files = {
    smtp: Array.from({ length: 60_000 }, (_, n) => `550-5.1.1 first ${n}\n550 5.1.1 ${"é".repeat(30)}\n`).join(""),
    log: Array.from(
      { length: 60_000 },
      (_, n) => `May  1 10:00:00 mx1 postfix/smtp[1]: AB${n}: to=<a${n}@example.com>, status=x\n`,
    ).join(""),
    csv: `a,b\n${Array.from({ length: 90_000 }, (_, n) => `${n},"two\nlines, ""${n}"""\n`).join("")}`,
    mail: Array.from({ length: 1200 }, (_, n) => mail(n)).join(""),
  };
  const begins = { smtp: /^550-/, log: /^May/, csv: /^\d+,"two/, mail: /^From a@/ };
  for (const [form, text] of Object.entries(files)) {
    const parts = own(await cut(text, form));
    assert.ok(parts.length > 1, `${form}: ${parts.length}`);
    assert.equal(parts.join(""), text, form);
    for (const part of parts.slice(1)) assert.match(part, begins[form]);
  }
});

test("every portion of JSON is JSON, and nothing is lost or said twice", async () => {
  const events = Array.from({ length: 30_000 }, (_, n) => ({
    n,
    text: `a "quoted", [bracketed] {braced} \\ text ${n}`,
    more: [[{}], "]"],
  }));
  const numbers = (parts) => parts.filter((text) => text !== "").flatMap((text) => JSON.parse(text).map(({ n }) => n));
  for (const text of [JSON.stringify(events), JSON.stringify(events, null, 2), `${JSON.stringify(events)}\n\n`]) {
    const parts = own(await cut(text, "webhook"));
    assert.ok(parts.length > 1);
    assert.deepEqual(
      numbers(parts),
      events.map(({ n }) => n),
    );
  }
  const lines = own(await cut(events.map((event) => JSON.stringify(event)).join("\n"), "webhook"));
  assert.ok(lines.length > 1);
  assert.deepEqual(
    lines.flatMap((part) =>
      part
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).n),
    ),
    events.map(({ n }) => n),
  );
});

test("a delivery in a log brings along what was said of its mail long before", async () => {
  const said =
    "May  1 09:00:00 mx1 postfix/qmgr[9]: 4VFIRST1: from=<news@shop.example>, size=1, nrcpt=1 (queue active)";
  const filler = Array.from(
    { length: 60_000 },
    (_, n) => `May  1 10:00:00 mx1 postfix/cleanup[1]: line ${n} of something else\n`,
  ).join("");
  const found = await cut(
    `${said}\n${filler}May  1 11:00:00 mx1 postfix/smtp[1]: 4VFIRST1: to=<a@example.com>, status=x\n`,
    "log",
  );
  assert.ok(found.length > 1);
  assert.ok(found.at(-1).before.endsWith(`${said}\n`));
});

test("a record that never ends is given up, not held for ever", async () => {
  const endless = async () => {
    const piece = new Uint8Array(8 * 1024 * 1024).fill(0x61);
    async function* stream() {
      for (let count = 0; count < 12; count += 1) yield piece;
    }
    for await (const portion of portions(stream(), () => "log")) assert.fail(String(portion.input.length));
  };
  await assert.rejects(endless, { code: "record-too-long" });
});
