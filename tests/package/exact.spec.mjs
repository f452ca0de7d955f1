// A million rows, counted by the report and by SQLite, which knows nothing of bouncelens.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { installed, tools } from "./consumer.mjs";
import { sheets } from "./workbook.mjs";

const { summarise } = await import(pathToFileURL(join(installed, "inline.js")));

const ROWS = 1_000_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 2, 1);

/** Replies: what differs from mail to mail, and what the report should make of it. */
const REPLIES = [
  { kind: "delay", type: "soft", category: "policy-related", reason: "greylisted", text: (row) => `450 <${row.recipient}>: Greylisted for ${60 + row.dice % 240} seconds!`, folded: "450 <<EMAIL>>: Greylisted for <N> seconds!" },
  { kind: "delay", type: "soft", category: "bad-connection", reason: "service-unavailable", text: () => "421 Service Temporarily Unavailable", folded: "421 Service Temporarily Unavailable" },
  { kind: "bounce", type: "soft", category: "quota-issues", reason: "mailbox-full", text: (row) => `452 4.2.2 =full= see https://help.example/${row.dice}`, folded: "452 4.2.2 =full= see <URL>" },
  { kind: "bounce", type: "hard", category: "bad-mailbox", reason: "user-unknown", text: (row) => `550 5.1.1 <${row.recipient}> unknown, from ${row.sendingIp}`, folded: "550 5.1.1 <<EMAIL>> unknown, from <IP>" },
];

/** Events without a pattern, the same ones each time: a congruential generator (Knuth's constants). */
function* events() {
  let state = 1n;
  for (let number = 0; number < ROWS; number += 1) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    const dice = Number(state >> 33n);
    const pick = (list, by) => list[Math.floor(dice / by) % list.length];
    const message = Math.floor(dice / 7) % 400_000;
    const reply = dice % 11 === 0 ? undefined : pick(REPLIES, 13);
    const row = {
      dice,
      kind: reply?.kind ?? "delivered",
      type: reply?.type ?? null,
      reason: reply?.reason ?? null,
      // distinct, so that no two tries of one message are at the same time
      time: dice % 997 === 0 ? null : START + (dice % 60) * DAY + number,
      message: `m${message}`,
      recipient: `r${message}@${["one", "two", "three"][message % 3]}.example`,
      fromDomain: pick(["shop.example", "news.example", "xn--bcher-kva.example"], 17),
      sendingIp: pick(["192.0.2.1", "198.51.100.7", "203.0.113.9"], 19),
      provider: pick(["google", "yahoo", null], 23),
      campaign: pick(["spring", "summer", "=autumn", null], 29),
    };
    row.text = reply?.text(row) ?? null;
    yield { row, reply };
  }
}

async function database() {
  const sql = await tools("sql.js")();
  const db = new sql.Database();
  db.run("PRAGMA cache_size = -800000; PRAGMA temp_store = MEMORY; PRAGMA journal_mode = OFF");
  db.run(`CREATE TABLE tries (kind, type, time INTEGER, message, "from-domain", "recipient-domain", "sending-ip", provider, campaign, day, category, reason, "bounce-text")`);
  return db;
}

/** The report's numbers for a condition, by columns, as SQL says them. A message without a time is at the beginning of time. */
const query = (columns, where) => `
  WITH wanted AS (SELECT *, COALESCE(time, 0) AS at FROM tries WHERE ${where}),
  ends AS MATERIALIZED (SELECT message, MAX(at) FILTER (WHERE kind = 'delivered') AS delivered, MAX(at) FILTER (WHERE kind <> 'delivered') AS failed FROM wanted GROUP BY message),
  failed AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY message ORDER BY at) AS up, ROW_NUMBER() OVER (PARTITION BY message ORDER BY at DESC) AS down FROM wanted WHERE kind <> 'delivered'),
  tally AS (SELECT failed.*, up = 1 AS is_first,
      down = 1 AND kind = 'bounce' AND COALESCE(delivered, -1) < ends.failed AS is_final,
      up = 1 AND COALESCE(delivered, -1) >= ends.failed AS is_later
    FROM failed JOIN ends USING (message))
  SELECT ${columns.map((name) => `COALESCE("${name}", '')`).join(" || char(31) || ") || "''"} AS key, COUNT(*), SUM(type = 'hard'), SUM(type <> 'hard'), SUM(is_first), SUM(is_final), SUM(is_later)
  FROM tally GROUP BY 1 ORDER BY 2 DESC, 1`;

test("a million rows are counted as SQLite counts them", async () => {
  const cases = [
    { groupBy: ["from-domain", "bounce-text"] },
    { groupBy: ["sending-ip", "bounce-text"], campaign: "summer" },
    { groupBy: ["recipient-domain", "provider", "campaign", "category", "reason", "day"], from: new Date(START + 10 * DAY), until: START + 20 * DAY },
  ];
  const reports = cases.map((options) => summarise([], options));
  // Every other portion goes into a report of its own, merged in the end.
  const halves = cases.map((options) => summarise([], options));
  const db = await database();
  db.run("BEGIN");
  const insert = db.prepare(`INSERT INTO tries VALUES (${Array(13).fill("?").join()})`);
  let portion = [];
  let turn = 0;
  const flush = () => {
    (turn++ % 2 ? halves : reports).forEach((report) => report.add(portion));
    portion = [];
  };
  for (const { row, reply } of events()) {
    const day = row.time === null ? null : new Date(row.time).toISOString().slice(0, 10);
    insert.run([row.kind, row.type, row.time, row.message, row.fromDomain, row.recipient.split("@")[1], row.sendingIp, row.provider, row.campaign, day, reply?.category ?? null, row.reason, reply?.folded ?? null]);
    portion.push(row);
    if (portion.length === 50_000) flush();
  }
  flush();
  db.run("COMMIT");

  for (const [index, options] of cases.entries()) {
    const report = reports[index].merge(halves[index]);
    const period = [options.from === undefined ? [] : [`time >= ${+options.from}`], options.until === undefined ? [] : [`time < ${+options.until}`]].flat();
    const where = [...period, ...(options.campaign === undefined ? [] : [`campaign = '${options.campaign}'`])].join(" AND ") || "1";
    const [{ values }] = db.exec(query(options.groupBy, where));
    const counted = report.lines.map(({ keys, amount, hard, soft, first, final, deliveredLater }) => [keys.join("\u001f"), amount, hard, soft, first, final, deliveredLater]);
    assert.ok(values.length >= 12, `${values.length} groups`);
    assert.deepEqual(new Map(counted.map(([key, ...counts]) => [key, counts])), new Map(values.map(([key, ...counts]) => [key, counts])), JSON.stringify(options));
    const [[amount]] = db.exec(`SELECT COUNT(*) FROM tries WHERE kind <> 'delivered' AND ${where}`)[0].values;
    assert.equal(report.total.amount, amount);
    assert.equal(report.total.final + report.total.deliveredLater <= report.total.first, true);
    if (period.length > 0) {
      const campaign = options.campaign === undefined ? "1" : `campaign = '${options.campaign}'`;
      assert.equal(report.undated, db.exec(`SELECT COUNT(*) FROM tries WHERE time IS NULL AND ${campaign}`)[0].values[0][0]);
    }
    const [{ rows }] = sheets(await report.toXLSX());
    assert.equal(rows.length - 1, values.length);
    assert.equal(rows.slice(1).reduce((sum, row) => sum + row[options.groupBy.length], 0), amount);
  }
  db.close();
});
