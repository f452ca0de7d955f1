// Streams: the same results however the bytes are cut, and the same as of the whole.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { installed } from "./consumer.mjs";

const load = (file) => import(pathToFileURL(join(installed, file)));
const { classifyAll, reasons, records, summarise } = await load("inline.js");
const { createStream, kindOf, rowOf } = await load("stream.inline.js");
const { when } = await load("lib/when.js");

const bytesOf = (text) => new TextEncoder().encode(text);

/** The same numbers each time: a congruential generator (Knuth's constants). */
function dice(seed) {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(below));
  };
}

/** Bytes in chunks of the lengths that `next` gives. */
async function* inChunks(bytes, next) {
  for (let at = 0; at < bytes.length; ) {
    const end = at + next();
    yield bytes.slice(at, end);
    at = end;
  }
}

async function read(chunks, options) {
  const results = [];
  for await (const result of ReadableStream.from(chunks).pipeThrough(createStream(options))) results.push(result);
  return results;
}

const examples = reasons.map(({ example }) => example.replace(/\s+/g, " "));
const replies = examples.filter((example) => /^\d{3} /.test(example));
const some = (count, make) => Array.from({ length: count }, (_, n) => make(n, examples[n % examples.length])).join("");
const cell = (text) => `"${text.replaceAll('"', '""')}"`;
const DAY = "Wed May  1 10:00:00 2024";

const dsn = (n, example) => `From MAILER-DAEMON ${DAY}
From: MAILER-DAEMON@mx.example.org
To: news@shop.example
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b${n}"

--b${n}
Content-Type: text/plain; charset=utf-8

Die Nachricht wurde nicht zugestellt, für ü${n}@example.com.
From here on it is text.

--b${n}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; a${n}@example.com
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp; ${example}

--b${n}--

`;

/** Inputs of each form, much longer than a portion. */
const INPUTS = {
  replies: some(1500, (n, example) => (n % 5 === 0 ? `525-5.1.1 The address a${n}@example.com\n525 5.1.1 is not known here, é\n` : `${replies[n % replies.length]}\r\n`)),
  log: `May  1 09:00:00 mx1 postfix/qmgr[9]: 4VFIRST1: from=<news@shop.example>, size=1, nrcpt=1 (queue active)\n${some(900, (n, example) =>
    `May  1 10:00:00 mx1 postfix/cleanup[1]: line ${n} of something else\nMay  1 10:00:00 mx1 postfix/smtp[1]: 4VB${n}QZ: to=<a${n}@example.com>, relay=mx.example.net[192.0.2.1]:25, delay=1, dsn=5.0.0, status=bounced (host mx.example.net[192.0.2.1] said: ${example} (in reply to RCPT TO command))\n`)}May  1 11:00:00 mx1 postfix/smtp[1]: 4VFIRST1: to=<last@example.com>, relay=none, delay=9, dsn=4.4.1, status=deferred (connect to mx.example.net[192.0.2.1]:25: Connection refused)\n`,
  csv: `date,from,recipient,campaign,reply\n${some(1200, (n, example) => `2024-05-01 10:00:00,news@shop.example,ä${n}@example.com,spring,${cell(n % 7 === 0 ? `two "lines"\n${example}` : example)}\n`)}`,
  ndjson: some(900, (n, example) => `${JSON.stringify({ event: "failed", severity: "permanent", recipient: `a${n}@example.com`, timestamp: 1714557600 + n, id: `e${n}`, "delivery-status": { code: 550, message: `${example} {brace [` } })}\n`),
  "a list in JSON": JSON.stringify(Array.from({ length: 900 }, (_, n) => ({ email: `a${n}@example.com`, event: "bounce", type: "bounce", timestamp: 1714557600 + n, sg_event_id: `e${n}`, reason: examples[n % examples.length] })), null, 1),
  mailbox: some(250, dsn),
};

const plain = ({ notice, verdict }) => ({ notice, verdict: { ...verdict, because: verdict.because.map(({ start, end, ...link }) => link) } });

/** One by one, so that a difference is shown and not all of it. */
function assertSame(given, expected, message) {
  expected.forEach((each, index) => assert.deepEqual(given[index], each, `${message}, record ${index}`));
  assert.equal(given.length, expected.length, message);
}

for (const [name, text] of Object.entries(INPUTS)) {
  const bytes = bytesOf(text);
  const whole = records(bytes);

  test(`${name}: what the stream gives is what all of it gives`, async () => {
    assert.ok(whole.length >= 250, `${whole.length} records`);
    for (const portionBytes of [1, 3000, 70_000, 2_000_000]) {
      const results = await read([bytes], { portionBytes });
      assertSame(results.map(plain), whole.map(plain), `portions of ${portionBytes}`);
      assert.deepEqual(results.map(({ index }) => index), results.map((_, index) => index));
    }
  });

  test(`${name}: any cut into chunks gives the same`, async () => {
    const portionBytes = 5000;
    const expected = await read([bytes], { portionBytes });
    for (let seed = 1; seed <= 6; seed += 1) {
      const roll = dice(seed);
      const most = [7, 100, 5000, 100_000][seed % 4];
      assertSame(await read(inChunks(bytes, () => roll(most)), { portionBytes }), expected, `seed ${seed}`);
    }
  });

  test(`${name}: places are bytes of the stream`, async () => {
    const results = await read([bytes], { portionBytes: 5000 });
    let placed = 0;
    let last = 0;
    for (const { start, end, verdict } of results) {
      for (const link of verdict.because) {
        if (link.start !== null) assert.equal(new TextDecoder().decode(bytes.subarray(link.start, link.end)), link.text);
      }
      if (start === null) continue;
      placed += 1;
      assert.ok(start >= last && end > start);
      last = start;
      const record = new TextDecoder().decode(bytes.subarray(start, end));
      if (name !== "mailbox") assert.ok(!/^[\s,]|[\s,]$/.test(record) && record.length < 1000, record);
      if (verdict.recipient !== null && name !== "replies") assert.ok(record.includes(verdict.recipient.replace(/^.*@/, "")), record);
    }
    assert.ok(placed >= results.length * 0.85, `${placed} of ${results.length} have a place`);
  });
}

test("with `lines` each line is a text of its own", async () => {
  const single = reasons.filter(({ example }) => !/^\d{3}-|\n/.test(example));
  const text = `${single.map(({ example }) => example).join("\n")}\n\n550-5.1.1 The address\n550 5.1.1 is not known\r\n`;
  const bytes = bytesOf(text);
  const results = await read([bytes], { lines: true, portionBytes: 1000 });
  assert.deepEqual(results.map(({ start, end }) => new TextDecoder().decode(bytes.subarray(start, end))), text.trim().split(/(?<!550-.*)\r?\n+/));
  assert.deepEqual(results.slice(0, -1).map(({ verdict }) => verdict.reason), single.map(({ id }) => id));
});

test("each chunk may be a byte", async () => {
  const bytes = bytesOf(INPUTS.replies.slice(0, 3000));
  assert.deepEqual(await read(inChunks(bytes, () => 1)), await read([bytes]));
});

test("a delivery in a log brings along what was said of its mail long before", async () => {
  const results = await read([bytesOf(INPUTS.log)], { portionBytes: 3000 });
  assert.equal(results.at(-1).notice.sender, "news@shop.example");
});

test("a log whose portions hold no delivery gives only what it says", async () => {
  const filler = some(2000, (n) => `May  1 10:00:00 mx1 postfix/cleanup[1]: line ${n} of something else\n`);
  const delivery = INPUTS.log.trim().split("\n").at(-1);
  const results = await read([bytesOf(`${delivery}\n${filler}`)], { portionBytes: 3000 });
  assert.deepEqual(results.map(({ verdict }) => verdict.recipient), ["last@example.com"]);
});

test("texts in UTF-16 and windows-1252 are read too", async () => {
  const text = `${examples[0]} für ü@example.com\n`.repeat(1000);
  const wide = new Uint8Array(Buffer.from(`\ufeff${text}`, "utf16le"));
  for (const chunk of [101, 70_001]) {
    const results = await read(inChunks(wide, () => chunk), { lines: true });
    assert.equal(results.length, 1000);
    assert.ok(results.every(({ start, verdict }) => start === null && verdict.diagnostic.includes("für")));
  }
  const bytes = new Uint8Array(Buffer.from(text, "latin1"));
  const [, second] = await read([bytes], { lines: true });
  assert.match(second.verdict.diagnostic, /für ü@/);
  assert.match(Buffer.from(bytes.subarray(second.start, second.end)).toString("latin1"), /für ü@example\.com$/);
});

test("what says nothing gives one verdict, and nothing gives none", async () => {
  for (const text of ["hello", "\n\n", "{}", "[]", "]"]) {
    const results = await read([bytesOf(text)]);
    assert.deepEqual(results.map(({ verdict }) => verdict.kind), classifyAll(text).map(({ kind }) => kind), JSON.stringify(text));
  }
  assert.deepEqual(await read([]), []);
  assert.deepEqual(await read([new Uint8Array(0)]), []);
});

test("a form can be forced, and what is wrong is named", async () => {
  const [{ verdict }] = await read([bytesOf("550 5.1.1 User unknown")], { form: "log" });
  assert.equal(verdict.form, "log");
  for (const [options, code] of [[{ form: "fax" }, "bad-option"], [{ colour: 1 }, "unknown-option"], [{ portionBytes: 0 }, "bad-option"], [{ maxBytes: -1 }, "bad-option"], [null, "bad-option"]]) {
    assert.throws(() => createStream(options), { code });
  }
  await assert.rejects(read(["550 text"]), { code: "bad-input" });
});

test("a record that never ends is given up, not held for ever", async () => {
  let sent = 0;
  async function* endless() {
    for (; sent < 1000; sent += 1) yield new Uint8Array(100_000).fill(0x61);
  }
  await assert.rejects(read(endless(), { maxBytes: 1_000_000 }), { code: "record-too-long" });
  assert.ok(sent < 50, `${sent} chunks`);
});

test("it reads no faster than its results are taken", async () => {
  const bytes = bytesOf(INPUTS.replies);
  let sent = 0;
  async function* chunks() {
    for (; sent < 1000; sent += 1) yield bytes;
  }
  const reader = ReadableStream.from(chunks()).pipeThrough(createStream()).getReader();
  await reader.read();
  await new Promise((next) => setTimeout(next, 50));
  // A portion of 2 MiB, and what waits in between.
  assert.ok(sent * bytes.length < 4_000_000, `${sent} chunks`);
  await reader.cancel();
  assert.ok(sent < 1000);
});

test("a signal stops it, and both sides learn why", async () => {
  const stop = new AbortController();
  let ended = false;
  async function* chunks() {
    try {
      for (;;) {
        yield bytesOf(INPUTS.replies);
        await new Promise((next) => setTimeout(next));
      }
    } finally {
      ended = true;
    }
  }
  const stream = createStream();
  const piped = ReadableStream.from(chunks()).pipeTo(stream.writable, { signal: stop.signal });
  const why = new Error("enough");
  const taken = (async () => {
    for await (const { index } of stream.readable) if (index === 10) stop.abort(why);
  })();
  const ends = await Promise.allSettled([piped, taken]);
  assert.deepEqual(ends.map(({ reason }) => reason === why), [true, true]);
  assert.ok(ended);
});

test("a reader that goes away while nothing comes stops the writer", async () => {
  const { readable, writable } = createStream();
  const reader = readable.getReader();
  const waiting = reader.read();
  const why = new Error("gone");
  await reader.cancel(why);
  assert.deepEqual(await waiting, { done: true, value: undefined });
  await assert.rejects(writable.getWriter().write(new Uint8Array(1)), why);
});

test("rows of a report hold what it counts", async () => {
  const results = await read([bytesOf(INPUTS.log)]);
  const rows = results.map((result) => rowOf(result, { near: Date.UTC(2024, 5, 1) }));
  assert.equal(rows.at(-1).fromDomain, "shop.example");
  assert.equal(rows.at(-1).time, Date.UTC(2024, 4, 1, 11));
  assert.equal(rowOf(results.at(-1)).time, null, "a time without a year");
  const { total } = summarise(rows, { groupBy: ["from-domain"] });
  assert.equal(total.amount, rows.filter(({ kind }) => kind === "bounce" || kind === "delay").length);
  const refused = records("May  1 10:00:00 mx1 postfix/smtpd[1]: NOQUEUE: reject: RCPT from unknown[192.0.2.1]: 554 5.7.1 <a@example.com>: Relay access denied; from=<b@example.net> to=<a@example.com> proto=ESMTP helo=<x>");
  assert.equal(rowOf(refused[0]), null, JSON.stringify(refused[0].notice));
});

test("what a file begins with tells its kind", () => {
  assert.equal(kindOf(bytesOf("550 User unknown")), "text");
  assert.equal(kindOf(Uint8Array.of(0xff, 0xfe, 53, 0)), "text");
  assert.equal(kindOf(Uint8Array.of(53, 0, 53)), "binary");
  assert.equal(kindOf(Uint8Array.of(0x1f, 0x8b, 8)), "gzip");
  assert.equal(kindOf(bytesOf("PK\u0003\u0004")), "zip");
  assert.equal(kindOf(bytesOf("%PDF-1.7")), "pdf");
  assert.equal(kindOf(new Uint8Array(0)), "text");
});

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

