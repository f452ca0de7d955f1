// Decisions, ledgers, replays, suppression lists and reports, as JavaScript sees them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import { installed } from "./consumer.mjs";

const bouncelens = await import(pathToFileURL(join(installed, "inline.js")));
const { classify, classifyBatch, createLedger, decide, explain, policies, readSuppressionList, replay, summarise, writeSuppressionList } = bouncelens;

const NOW = 1_700_000_000_000;
const DAY = 86_400_000;
const UNKNOWN = classify("550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in virtual mailbox table");
const FULL = classify("452 4.2.2 The recipient's inbox is out of storage space. - gsmtp");
const LISTED = classify("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org");

test("a decision says what to do, when and why", () => {
  const decision = decide(classify("450 <<EMAIL>>: Sender address rejected: Greylisted for 120 seconds! Please, see <URL>"), { now: new Date(NOW), campaign: "spring" });
  assert.equal(decision.action, "retry");
  assert.deepEqual(decision.delays, [120, 300, 900, 3600]);
  assert.equal(decision.retryAt[0], NOW + 120_000);
  assert.equal(decision.whyKey, "retry-no-strike");
  assert.deepEqual(structuredClone(decision), decision);
});

test("the history of one decision goes into the next", () => {
  let history;
  const said = [];
  for (let day = 0; day < 5; day += 1) {
    const decision = decide(FULL, { history, campaign: `${day}`, now: NOW + day * DAY });
    history = JSON.parse(JSON.stringify(decision.history));
    said.push(decision.why);
    if (day === 4) assert.deepEqual([decision.action, decision.strikes], ["suppress", { count: 5, of: 5 }]);
  }
  assert.equal(said[2], "Third of five soft bounces; two more and it turns hard. This mail will be tried again.");
  assert.equal(said[3], "Fourth of five soft bounces; one more and it turns hard. This mail will be tried again.");
  const italian = decide(FULL, { history, now: NOW + 5 * DAY, locale: "it-CH" });
  assert.equal(italian.why, "Sei soft bounce validi, e il limite è cinque: il contatto è diventato hard.");
});

test("policies differ, and one's own is taken", () => {
  const actions = policies.map(({ id }) => decide(LISTED, { policy: id, now: NOW }).action);
  assert.deepEqual(actions, ["keep", "retry", "keep", "suppress"]);
  for (const { id, options } of policies) {
    assert.deepEqual(decide(UNKNOWN, { policy: options, now: NOW }), decide(UNKNOWN, { policy: id, now: NOW }));
  }
  assert.equal(decide(FULL, { policy: { base: "default", threshold: 1, onThreshold: "flag" }, now: NOW }).action, "flag");
});

test("a row of a batch and events without a mail are taken too", () => {
  const [row] = classifyBatch(["550 5.1.1 User unknown"]);
  assert.equal(decide(row, { now: NOW }).action, "suppress");
  assert.equal(decide({ kind: "unsubscribe" }, { now: NOW }).whyKey, "unsubscribe");
  assert.equal(decide(classify("hello"), { now: NOW }).whyKey, "clear");
});

test("a ledger keeps many addresses, is merged, and comes back", () => {
  const events = [0, 1, 2, 3, 4].map((day) => ({ address: "ann@example.com", verdict: FULL, time: NOW + day * DAY, campaign: `${day}` }));
  const whole = createLedger().record(events);
  const halves = createLedger().record(events.slice(2)).merge(createLedger().record(events.slice(0, 3)));
  assert.deepEqual(halves.toJSON(), whole.toJSON());
  const again = createLedger().fromJSON(JSON.parse(JSON.stringify(whole)));
  const decision = again.decision("Ann@Example.com", { now: NOW + 5 * DAY });
  assert.deepEqual([decision.action, decision.since], ["suppress", NOW + 4 * DAY]);
  assert.deepEqual(again.suppressed({ now: NOW + 5 * DAY }).map(({ address, reason }) => [address, reason]), [["ann@example.com", "soft-bounces"]]);
  assert.ok(again.size >= 1 && again.memory > 0);
  assert.equal(again.setPolicy("mailpro").decision("ann@example.com", { now: NOW }).action, "retry");
  again.free();
  assert.throws(() => again.size, { code: "bad-event" });
});

test("an address that differs in case or in the form of its domain is one address", () => {
  const spellings = ["Jörg@BÜCHER.example", "jörg@xn--bcher-kva.example", "JO\u0308RG@bu\u0308cher.example.", "<jörg@ｂücher。example>"];
  const events = spellings.map((address, day) => ({ address, verdict: FULL, time: NOW + day * DAY, campaign: `${day}` }));
  const ledger = createLedger({ policy: { base: "default", threshold: 4 } }).record(events);
  for (const address of spellings) assert.deepEqual(ledger.decision(address, { now: NOW + 4 * DAY }).strikes, { count: 4, of: 4 }, address);
  const halves = events.map((one) => createLedger().record(one));
  assert.deepEqual(halves.reduce((all, one) => all.merge(one)).toJSON(), ledger.toJSON());
  assert.deepEqual(replay(events, { policies: ["default"] }).outcomes.map(({ address }) => address), []);
  assert.equal(replay(events, { policies: ["default"] }).addresses, 1);

  const entries = ledger.suppressed({ now: NOW + 4 * DAY });
  assert.deepEqual(entries.map(({ address }) => address), ["jörg@xn--bcher-kva.example"]);
  const lists = spellings.map((address) => [readSuppressionList(`${address}\n`), [{ address }]]).flat();
  for (const form of ["csv", "json", "lines"]) {
    for (const hashed of [false, true]) {
      const written = new Set(lists.map((list) => writeSuppressionList(list, { form, hashed })));
      assert.equal(written.size, 1, `${form}, hashed: ${hashed}`);
    }
  }
  const report = summarise(spellings.map((recipient) => ({ kind: "bounce", recipient, fromDomain: recipient.split("@")[1].replace(">", ""), message: "1" })), { groupBy: ["from-domain", "recipient-domain"] });
  assert.deepEqual(report.lines.map(({ keys, amount, first }) => [keys, amount, first]), [[["xn--bcher-kva.example", "xn--bcher-kva.example"], 4, 1]]);
});

test("a domain is written as browsers write it", () => {
  const names = ["bücher", "straße", "ПОЧТА", "παράδειγμα", "ΝΊΚΟΣ", "例え", "中国互联网络信息中心", "한국인터넷정보센터", "مثال", "דוגמה", "ตัวอย่าง", "उदाहरण", "ՕՐԻՆԱԿ", "မြန်မာ", "İstanbul", "ÅNGSTRÖM", "Ｆｕｌｌ", "ǅ", "smörgås-bord", "Đặng", "ŻÓŁĆ", "faß", "ﬁsch", "a\u00adb", "😀"];
  for (const name of names) {
    const [entry] = readSuppressionList(`a@${name}.Example`);
    const [own] = JSON.parse(writeSuppressionList([{ address: `a@${name}.Example` }], { form: "json" })).entries;
    assert.equal(own.address, `a@${new URL(`http://${name}.Example`).hostname}`, name);
    assert.equal(entry.address.split("@")[0], "a");
  }
});

test("ten thousand events at once", () => {
  const events = function* () {
    for (let i = 0; i < 10_000; i += 1) yield { address: `a${i}@example.com`, verdict: i % 2 === 0 ? UNKNOWN : FULL, time: NOW + i };
  };
  const ledger = createLedger({ policy: "altcraft" }).record(events());
  assert.equal(ledger.suppressed({ now: NOW }).length, 5_000);
});

test("a replay shows where policies differ", () => {
  const events = [0, 1, 2, 3, 4].map((day) => ({ address: "ann@example.com", verdict: LISTED, time: NOW + day * DAY }));
  const { stopped, outcomes } = replay(events.reverse(), { policies: ["default", "five-strikes", "altcraft", { threshold: 2, weight: 1 }] });
  assert.deepEqual(stopped, [0, 1, 1, 1]);
  assert.equal(outcomes[0].differs, true);
  assert.deepEqual(outcomes[0].stops.map((stop) => stop && (stop.time - NOW) / DAY), [null, 4, 0, 1]);
});

test("a suppression list comes back in every form", () => {
  const entries = createLedger().record({ address: "=a@example.com", verdict: UNKNOWN, time: NOW }).suppressed({ now: NOW });
  for (const form of ["csv", "json"]) assert.deepEqual(readSuppressionList(writeSuppressionList(entries, { form })), entries);
  assert.equal(writeSuppressionList(entries, { form: "lines" }), "=a@example.com\n");
  assert.match(writeSuppressionList(entries), /"'=a@example\.com",address,user-unknown,2023-11-14T22:13:20\.000Z,,default,550 5\.1\.1 user-unknown/);
  assert.match(writeSuppressionList(entries, { form: "lines", hashed: true }), /^[0-9a-f]{64}\n$/);
});

test("a report counts verdicts, records and rows", () => {
  const report = summarise([UNKNOWN, FULL, ...classifyBatch(["550 5.1.1 User unknown"])], { groupBy: ["category"] });
  assert.deepEqual(report.lines.map(({ keys, amount }) => [keys[0], amount]), [["bad-mailbox", 2], ["quota-issues", 1]]);
  const { records } = explain("450 4.2.0 <a@r.example>: Recipient address rejected: Greylisted");
  const rows = records.map((record) => ({ ...record, time: NOW, fromDomain: "shop.example", campaign: "=spring" }));
  report.merge(summarise(rows, { groupBy: ["category"] }));
  assert.equal(report.total.amount, 4);
  const table = summarise(rows, { groupBy: ["from-domain", "campaign", "day"], from: NOW, until: NOW + 1 });
  assert.deepEqual(table.lines[0].keys, ["shop.example", "=spring", "2023-11-14"]);
  assert.match(table.toCSV(), /^from-domain,campaign,day,amount,.*\r\nshop\.example,"'=spring",2023-11-14,1,/);
  assert.equal(summarise(rows, { until: NOW }).total.amount, 0);
});

test("what cannot be meant is an error that names it", () => {
  const history = decide(FULL, { now: NOW }).history;
  const cases = [
    [() => decide(FULL), "bad-time", /`now`/],
    [() => decide(FULL, { now: new Date(NaN) }), "bad-time", /`now`/],
    [() => decide(FULL, { now: -1 }), "bad-time", /`now`.*-1/],
    [() => decide(FULL, { now: NOW, colour: "red" }), "unknown-option", /`colour`/],
    [() => decide(FULL, { now: NOW, policy: "strict" }), "unknown-policy", /`strict`; known: default/],
    [() => decide(FULL, { now: NOW, policy: { threshold: NaN } }), "bad-policy", /`threshold`.*`NaN`/],
    [() => decide(FULL, { now: NOW, history: {} }), "bad-history", /`bouncelens`/],
    [() => decide(FULL, { now: NOW, history: { ...history, version: 2 } }), "future-history", /version 2/],
    [() => decide(FULL, { now: NOW, locale: "xx" }), "unknown-locale", /`xx`/],
    [() => decide({ kind: "bounce", type: "hard", reason: "gremlins" }, { now: NOW }), "bad-event", /`verdict\.reason`.*`gremlins`/],
    [() => decide({ kind: "lost" }, { now: NOW }), "bad-event", /`verdict\.kind`.*`lost`/],
    [() => decide(null, { now: NOW }), "bad-event", /null/],
    [() => createLedger().record({ address: "nobody", verdict: FULL, time: NOW }), "bad-event", /event 0: `address`/],
    [() => createLedger().merge({}), "bad-event", /merge/],
    [() => createLedger().decision("a@example.com", {}), "bad-time", /`now`/],
    [() => summarise([], { groupBy: ["colour"] }), "bad-report", /`groupBy`.*`colour`; known: from-domain/],
    [() => createLedger().record(Array.from({ length: 5_000 }, (_, place) => ({ address: place === 4_321 ? "nobody" : "a@example.com", verdict: FULL, time: NOW }))), "bad-event", /event 4321: `address`/],
    [() => replay([{ address: "nobody", verdict: FULL, time: NOW }], { policies: ["default"] }), "bad-event", /event 0: `address`/],
    [() => summarise([{}]), "bad-event", /row 0\.kind/],
    [() => summarise(null), "bad-event", /row.*not null/],
    [() => summarise([], { groupBy: "reason" }), "bad-report", /`groupBy`.*`reason`/],
    [() => replay([], {}), "bad-policy", /`policies`.*not undefined/],
    [() => readSuppressionList("nobody"), "bad-list", /line 1/],
    [() => replay([], { policies: ["x"] }), "unknown-policy", /`x`/],
  ];
  for (const [call, code, message] of cases) {
    assert.throws(call, (error) => error instanceof Error && error.code === code && message.test(error.message), `${call}`);
  }
});

test("a report knows a recipient by its domain where a table says no more", () => {
  const { records } = explain("Domain,Bounce text\nexample.com,550 5.1.1 User unknown\nexample.com,452 4.2.2 Mailbox full\n");
  assert.equal(records[0].notice.recipientDomain, "example.com");
  const report = summarise(records, { groupBy: ["recipient-domain"] });
  assert.deepEqual(report.lines.map(({ keys, amount }) => [keys[0], amount]), [["example.com", 2]]);
  report.free();
});
