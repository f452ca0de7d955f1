// What the functions of the package promise.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { installed } from "./consumer.mjs";

const { advise, categories, classify, classifyAll, classifyBatch, explain, init, locales, reasons } = await import(pathToFileURL(join(installed, "inline.js")));

const UNKNOWN = "550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in virtual mailbox table";
const GREYLISTED = "450 <<EMAIL>>: Sender address rejected: Greylisted for 120 seconds! Please, see <URL>";

/** Every span of a verdict gives its words back. */
function assertSpans(verdict, input) {
  for (const { text, start, end } of verdict.because) {
    if (start !== null) assert.equal(input.slice(start, end), text);
  }
}

test("a verdict is plain data that survives a copy", () => {
  const verdict = classify(UNKNOWN);
  assert.deepEqual(structuredClone(verdict), verdict);
  assert.deepEqual(JSON.parse(JSON.stringify(verdict)), verdict);
  assert.equal(verdict.kind, "bounce");
  assert.equal(verdict.type, "hard");
  assert.equal(verdict.category, "bad-mailbox");
  assert.equal(verdict.code, 550);
  assert.equal(verdict.status, "5.1.1");
  assert.match(verdict.statusMeaning, /mailbox/);
  assert.equal(verdict.recipient, "a@example.com");
  assert.equal(verdict.diagnostic, UNKNOWN);
  assert.ok(verdict.because.some(({ role, text }) => role === "supports" && text === "User unknown"));
});

test("every verdict has the same keys in the same order", () => {
  const keys = Object.keys(classify(UNKNOWN));
  for (const input of ["", "hello", GREYLISTED]) assert.deepEqual(Object.keys(classify(input)), keys);
});

test("the examples of all reasons come out as stated", () => {
  const wrong = reasons.filter(({ id, example }) => classify(example).reason !== id).map(({ id, example }) => `${id}: ${example}`);
  assert.deepEqual(wrong, []);
});

test("a stated wait is read", () => {
  const verdict = classify(GREYLISTED);
  assert.equal(verdict.reason, "greylisted");
  assert.equal(verdict.retryAfter, 120);
});

test("spans count as JavaScript does", () => {
  for (const before of ["", "é", "😀", "\ud800", "\udc00\ud800", "\ufeff", "漢字 ", "a\u0301"]) {
    for (const after of ["", " ü😀", "\udfff"]) {
      const input = `${before}550 5.1.1 <a@example.com>: User unknown${after}`;
      const verdict = classify(input);
      assertSpans(verdict, input);
      assert.ok(verdict.because.some(({ text }) => text === "User unknown"), JSON.stringify(input));
    }
  }
  const long = `${"ü😀 ".repeat(5000)}\n550 5.1.1 User unknown`;
  assertSpans(classify(long), long);
});

test("spans of bytes count bytes", () => {
  const input = new TextEncoder().encode(`é😀 ${UNKNOWN}`);
  const verdict = classify(input);
  assert.equal(verdict.reason, "user-unknown");
  for (const { text, start, end } of verdict.because) {
    if (start !== null) assert.equal(new TextDecoder().decode(input.slice(start, end)), text);
  }
});

test("bytes and their text say the same", () => {
  for (const { example } of reasons) {
    const fromText = classify(example);
    const fromBytes = classify(new TextEncoder().encode(example));
    for (const key of ["kind", "type", "category", "reason", "code", "status", "recipient", "diagnostic"]) {
      assert.equal(fromBytes[key], fromText[key], `${key} of ${example}`);
    }
  }
});

test("bytes of a view, a Buffer and another realm are bytes", async () => {
  const bytes = new TextEncoder().encode(`xx${UNKNOWN}`);
  assert.equal(classify(bytes.subarray(2)).code, 550);
  assert.equal(classify(Buffer.from(UNKNOWN)).code, 550);
  const { runInNewContext } = await import("node:vm");
  assert.equal(classify(runInNewContext(`new Uint8Array(${JSON.stringify([...Buffer.from(UNKNOWN)])})`)).code, 550);
});

test("nothing that a text says makes it throw", () => {
  const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 2654435761) >>> 13);
  for (const input of ["", " ", "\0", "\ud800", noise, new Uint8Array(0), "\r\n".repeat(1000), "5".repeat(5000), "@".repeat(5000), "<".repeat(5000)]) {
    const verdict = classify(input);
    assert.ok(["unrelated", "bounce"].includes(verdict.kind));
    assert.equal(classifyAll(input).length >= 1, true);
    assert.match(explain(input).text, /verdict/);
  }
  assert.equal(classify("").kind, "unrelated");
});

test("ten megabytes of noise take linear time and are given back", () => {
  const unit = Array.from({ length: 1 << 16 }, (_, i) => String.fromCharCode(((i * 2654435761) >>> 7) & 0xffff)).join("");
  const seconds = (length) => {
    const input = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    const begin = performance.now();
    const { kind } = classify(input);
    assert.ok(["unrelated", "bounce"].includes(kind));
    return (performance.now() - begin) / 1000;
  };
  seconds(500_000);
  const [small, large] = [seconds(1_000_000), seconds(10_000_000)];
  // Ten times the text; the machine may be busy, so much is allowed, yet far less than a hundred times.
  assert.ok(large < 40 * small + 1, `${small} s for 1 MB, ${large} s for 10 MB`);
});

test("a long text is read right by an instance that has read nothing yet", async () => {
  // Giving back the room of a text may make the memory grow, and views of it that were taken before are empty then.
  for (const [name, size] of [["classify", 60_000], ["classifyAll", 130_000], ["records", 90_000]]) {
    const fresh = await import(`${pathToFileURL(join(installed, "inline.js"))}?${name}`);
    const [first] = [fresh[name](`${UNKNOWN}\n`.repeat(size))].flat();
    const { reason, category, confidence } = first.verdict ?? first;
    assert.deepEqual([reason, category], ["user-unknown", "bad-mailbox"], name);
    assert.ok(confidence > 0.9, `${name}: ${confidence}`);
  }
});

const LEGACY = [
  "From: MAILER-DAEMON@mx.example.org",
  "To: sender@example.org",
  "Subject: failure notice",
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=koi8-r",
  "Content-Transfer-Encoding: 8bit",
  "",
  "Hi. This is the qmail-send program at mx.example.org.",
  "",
  "<ann@example.com>:",
  "Remote host said: 550 5.1.1 user unknown: \xf0\xcf\xde\xd4\xc1",
  "",
].join("\n");

test("a mail is read as one, with its charset", () => {
  const verdict = classify(new Uint8Array(Buffer.from(LEGACY, "latin1")));
  assert.equal(verdict.reason, "user-unknown");
  assert.equal(verdict.recipient, "ann@example.com");
  assert.match(verdict.diagnostic, /Почта/);
});

test("a form that is asked for is taken", () => {
  assert.equal(classify("hello", { form: "smtp" }).form, "smtp");
  assert.equal(classify(LEGACY, { form: "smtp" }).form, "smtp");
  assert.notEqual(classify(LEGACY, { form: "mail" }).form, "smtp");
  const log = "4Vb2Q1: to=<a@example.com>, relay=none, delay=1, dsn=5.4.4, status=bounced (Host or domain name not found. Name service error for name=example.com type=MX: Host not found)";
  const row = "550 5.1.1 no such user,a@example.com";
  const event = '{"RecordType":"Bounce","Email":"a@example.com","Details":"550 5.1.1 no such user"}';
  const asked = [
    ["smtp", UNKNOWN, "smtp"],
    ["dsn", LEGACY, "ndr"],
    ["ndr", LEGACY, "ndr"],
    ["arf", LEGACY, "ndr"],
    ["mail", LEGACY, "ndr"],
    ["webhook", event, "webhook"],
    ["log", log, "log"],
    ["csv", row, "csv"],
  ];
  for (const [form, input, read] of asked) {
    assert.equal(classify(input, { form }).form, read, form);
    assert.equal(classifyAll(input, { form })[0].form, read, form);
    assert.equal(classifyBatch([input], { form }).get(0).form, read, form);
    const { recognised, records } = explain(input, { form });
    assert.equal(records[0].verdict.form, read, form);
    assert.equal(recognised.asked, true);
  }
});

test("wrong options are errors that name the option", () => {
  const cases = [
    [() => classify("", { colour: "red" }), "unknown-option", /`colour`/],
    [() => classify("", { maxBytes: -1 }), "bad-option", /`maxBytes`/],
    [() => classify("", { maxBytes: "10" }), "bad-option", /`maxBytes`/],
    [() => classify("", { form: "fax" }), "bad-option", /`form`.*`fax`; known: smtp, dsn, ndr, arf, mail, webhook, log, csv/],
    [() => classify("", null), "bad-option", /options/],
    [() => classifyBatch([""], { colour: "red" }), "unknown-option", /`colour`/],
    [() => explain("", { colour: "red" }), "unknown-option", /`colour`/],
    [() => classify("four", { maxBytes: 3 }), "input-too-large", /`maxBytes`/],
    [() => classify("éé", { maxBytes: 3 }), "input-too-large", /3 bytes/],
    [() => classify(new Uint8Array(4), { maxBytes: 3 }), "input-too-large", /`maxBytes`/],
    [() => classify(550), "bad-input", /550/],
    [() => classify(undefined), "bad-input", /undefined/],
    [() => classifyBatch(["", 5]), "bad-input", /input 1 /],
    [() => classifyBatch("text"), "bad-input", /array/],
    [() => classifyBatch({ bytes: new Uint8Array(2), offsets: [0, 3] }), "bad-input", /offset 1/],
    [() => advise(classify(UNKNOWN), "xx"), "unknown-locale", /`xx`; known: .*en/],
  ];
  for (const [call, code, message] of cases) {
    assert.throws(call, (error) => error instanceof Error && error.code === code && message.test(error.message), `${call}`);
  }
  assert.equal(classify("four", { maxBytes: 4 }).kind, "unrelated");
  assert.equal(classify(UNKNOWN, { maxBytes: undefined }).code, 550);
});

test("after a failure of its own it starts afresh", () => {
  class Broken extends Uint8Array {
    get byteLength() {
      throw new Error("broken");
    }
  }
  assert.throws(() => classify(new Broken(4)), (error) => error.code === "internal" && error.cause.message === "broken");
  assert.equal(classify(UNKNOWN).code, 550);
});

test("init is harmless where it is not needed", async () => {
  await init();
  await Promise.all([init(), init()]);
  assert.equal(classify(UNKNOWN).code, 550);
});

test("a batch says what single calls say", () => {
  const inputs = [...reasons.map(({ example }) => example), "", "hello", "\ud800", GREYLISTED, "ü😀".repeat(60_000)];
  const batch = classifyBatch(inputs);
  assert.equal(batch.length, inputs.length);
  const rows = batch.toObjects();
  inputs.forEach((input, i) => {
    const verdict = classify(input);
    for (const [key, value] of Object.entries(rows[i])) assert.equal(value, verdict[key], `${key} of row ${i}`);
  });
  assert.deepEqual([...batch], rows);
  assert.deepEqual(batch.get(3), rows[3]);
  assert.throws(() => batch.get(inputs.length), RangeError);
  assert.equal(batch.transferables().length, Object.keys(batch.columns).length);
});

test("a batch of bytes says what one of strings says", () => {
  const parts = reasons.map(({ example }) => new TextEncoder().encode(example));
  const offsets = [0];
  for (const part of parts) offsets.push(offsets.at(-1) + part.length);
  const bytes = new Uint8Array(offsets.at(-1));
  parts.forEach((part, i) => bytes.set(part, offsets[i]));
  const expected = classifyBatch(reasons.map(({ example }) => example)).toObjects();
  assert.deepEqual(classifyBatch({ bytes, offsets }).toObjects(), expected);
  assert.deepEqual(classifyBatch({ bytes, offsets: Uint32Array.from(offsets) }).toObjects(), expected);
  assert.equal(classifyBatch([]).length, 0);
});

test("a large batch crosses in portions", () => {
  const inputs = Array.from({ length: 20_000 }, (_, i) => (i % 2 === 0 ? UNKNOWN : "452 4.2.2 Mailbox full"));
  const { code } = classifyBatch(inputs).columns;
  assert.ok(code.every((each, i) => each === (i % 2 === 0 ? 550 : 452)));
});

test("explain shows every stage", () => {
  const { text, records } = explain(UNKNOWN);
  assert.match(text, /read .*smtp/);
  assert.match(text, /user-unknown \(/);
  assert.match(text, /verdict .*bad-mailbox/);
  assert.equal(records[0].notice.reply, UNKNOWN);
  assert.deepEqual(records[0].verdict, classify(UNKNOWN));
});

test("explain says what the input was taken for and which parts were used", () => {
  const mail = `Subject: failure notice ü\n${LEGACY}`.replace(/[\x80-\xff]/g, "é");
  const { text, recognised, parts } = explain(mail);
  assert.deepEqual(recognised, { layout: "mail", confidence: 0.95, asked: false });
  assert.deepEqual(parts.map(({ role }) => role), ["header", "text", "boilerplate", "recipient", "reply"]);
  assert.deepEqual(Object.keys(parts[0]), ["role", "used", "name", "fact", "count", "start", "end"]);
  const reply = parts.at(-1);
  assert.equal(reply.used, true);
  assert.equal(reply.fact, "reply");
  // é is two bytes and one unit: the places are those of the string
  assert.match(mail.slice(reply.start, reply.end), /^Remote host said: 550 5\.1\.1 user unknown: é+$/);
  assert.match(text, /recognised {2}mail, 95 % sure/);
  assert.match(text, /boilerplate .*not used/);
  const table = explain("who;colour;why\na@example.com;red;550 5.1.1 no such user\nb@example.com;blue;552 5.2.2 full\n");
  assert.equal(table.recognised.layout, "table");
  const column = (name) => table.parts.find((part) => part.name === name);
  assert.deepEqual(column("why"), { role: "column", used: true, name: "why", fact: "reply", count: 1, start: null, end: null });
  assert.equal(column("colour").used, false);
  assert.equal(table.parts.at(-1).count, 2);
  const event = explain('{"RecordType":"Bounce","Email":"a@example.com","Details":"550 5.1.1 no such user","Colour":"red"}');
  assert.equal(event.recognised.layout, "events");
  assert.ok(event.parts.some(({ role, name, fact }) => role === "field" && name === "Details" && fact === "reply"));
  assert.equal(event.parts.at(-1).role, "other");
});

test("advice is there for every reason in every language", () => {
  assert.ok(locales.includes("en"));
  for (const locale of locales) {
    for (const { id, category, example } of reasons) {
      const advice = advise(classify(example), locale);
      const place = `${locale} ${category}/${id}`;
      assert.equal(advice.locale, locale);
      assert.match(advice.title, /\S/, place);
      assert.match(advice.summary, /\S/, place);
      assert.ok(advice.steps.marketer.length + advice.steps.administrator.length > 0, place);
      assert.doesNotMatch(JSON.stringify(advice), /[{}][a-z]+[{}]|undefined/, place);
    }
  }
});

test("advice fills in what is known and leaves out what is not", () => {
  const known = advise(classify(GREYLISTED));
  assert.match(known.steps.administrator.join(" "), /2 minutes/);
  const unknown = advise({ kind: "bounce", type: "soft", category: "policy-related", reason: "greylisted" });
  assert.doesNotMatch(unknown.steps.administrator.join(" "), /reply asks/);
});

test("a note names the recipient and nobody else", () => {
  const verdict = classify("550 5.4.1 [a@example.com]: Recipient address rejected: Access denied, asked by bob@example.org [AM0EUR02FT030.eop-EUR02.prod.protection.outlook.com]");
  const { note } = advise(verdict);
  assert.match(note, /a@example\.com/);
  assert.doesNotMatch(note, /bob@/);
});

test("a note is redacted where that is asked for", () => {
  const verdict = classify("550 5.1.1 <Jane.Doe@example.com>: access denied for jane.doe@example.com, written by bob@example.org");
  for (const locale of locales) {
    const { note } = advise({ ...verdict, reason: "access-denied" }, locale, { redact: true });
    assert.match(note, /…@example\.com/, locale);
    assert.doesNotMatch(note, /jane|\bdoe\b|bob/i, locale);
  }
  assert.match(advise({ ...verdict, reason: "access-denied" }).note, /Jane\.Doe@example\.com/);
  assert.throws(() => advise(verdict, "en", { colour: 1 }), { code: "unknown-option" });
  assert.throws(() => advise(verdict, "en", { redact: "yes" }), { code: "bad-option" });
});

test("advice links to the list that is named and to who refused, and adds five tips", () => {
  const listed = advise(classify("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"));
  assert.deepEqual(listed.links, [{ kind: "delisting", name: "Spamhaus ZEN", url: "https://check.spamhaus.org/" }]);
  const [link] = advise(classify("421 4.7.28 Our system has detected an unusual rate of unsolicited mail - gsmtp")).links;
  assert.deepEqual([link.kind, link.url], ["postmaster", "https://postmaster.google.com"]);
  for (const locale of locales) assert.equal(advise(classify(UNKNOWN), locale).tips.length, 5, locale);
  assert.deepEqual(advise(classify("hello")).tips, []);
});

test("a locale falls back to its language", () => {
  const verdict = classify(UNKNOWN);
  assert.equal(advise(verdict, "en-GB").locale, "en");
  assert.equal(advise(verdict, "EN_us").locale, "en");
  if (locales.includes("it")) assert.equal(advise(verdict, "it-CH").locale, "it");
});

test("what is no bounce has a title and no steps", () => {
  const advice = advise(classify("hello"));
  assert.match(advice.title, /\S/);
  assert.deepEqual(advice.steps, { marketer: [], administrator: [] });
  assert.equal(advice.comparison, null);
});

test("the tables are frozen and complete", () => {
  assert.equal(categories.length, 18);
  assert.ok(reasons.length >= 77);
  for (const table of [categories, reasons, locales]) assert.ok(Object.isFrozen(table));
  assert.ok(reasons.every((reason) => Object.isFrozen(reason) && Object.isFrozen(reason.codes)));
  assert.ok(reasons.every(({ category }) => categories.some(({ id }) => id === category)));
});

test("what is no input is named with its type, and so is what is no verdict", () => {
  const gone = new Uint8Array(8);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  const message = (call) => {
    try {
      return call();
    } catch (error) {
      return `${error.code}: ${error.message}`;
    }
  };
  assert.match(message(() => classify(undefined)), /^bad-input: .* not undefined$/);
  assert.match(message(() => classify(new ArrayBuffer(8))), /^bad-input: .* not a value of type ArrayBuffer$/);
  assert.match(message(() => classify(Promise.resolve(""))), /^bad-input: .* not a value of type Promise$/);
  assert.match(message(() => classify(Symbol("x"))), /^bad-input: .* not Symbol\(x\)$/);
  assert.match(message(() => classify(gone)), /^bad-input: .* sent elsewhere$/);
  assert.match(message(() => advise(null)), /^bad-input: .* not null$/);
});
