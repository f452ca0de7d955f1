// The desk where files are counted, in a thread of its own: the page only asks, and stays smooth.
//
// A question is `{ id, ask, … }`, its answer `{ id, answer }` or `{ id, error }`; progress comes as
// `{ progress }` in between. Nothing here asks the network for anything but the reader's own wasm.

import { createLedger, init, replay, summarise, writeSuppressionList } from "bouncelens";
import { createStream, isNothing, rowOf } from "bouncelens/stream";
import { open, Unreadable } from "./files.js";

/** More rows than this are not kept: some 300 bytes each. */
const MOST_ROWS = 2_000_000;
/** Progress is told this often, in milliseconds. */
const PACE = 100;
/** Kinds that a report counts. */
const COUNTED = ["bounce", "delay"];
/** After so many records questions are heard. */
const TURN = 2000;
const POLICIES = ["default", "mailpro", "five-strikes", "altcraft"];

/** @type {import("bouncelens/stream").RecordRow[]} */
let rows = [];
let files = [];
/** Files that were read already: the same one again would count everything twice. */
const marks = new Set();
let stopped = false;
/** The report that was asked for last, and its lines in the order that was asked for last. */
let report = null;
let asked = "";
let lines = [];
let order = "";

const answers = { count, stop, table, csv, xlsx, policies, list };

addEventListener("message", async ({ data: { id, ask, ...question } }) => {
  try {
    postMessage({ id, answer: await answers[ask](question) });
  } catch (error) {
    postMessage({ id, error: { code: error.code ?? error.name, message: String(error.message ?? error) } });
  }
});

/** Reads files, one after the other, and adds what they say to what was read before. */
async function count({ files: chosen }) {
  await init();
  shut();
  stopped = false;
  played = null;
  forget();
  const total = chosen.reduce((sum, { file }) => sum + file.size, 0);
  const pace = pacer();
  let done = 0;
  for (const { path, file } of chosen) {
    const entry = { path, records: 0, counted: 0, kinds: {}, why: null, what: "" };
    files.push(entry);
    const tell = () => pace({ path, done, total, records: rows.length });
    const mark = `${path}|${file.size}|${file.lastModified}`;
    if (stopped) entry.why = "stopped";
    else if (marks.has(mark)) entry.why = "twice";
    else {
      marks.add(mark);
      const before = done;
      try {
        await read(file, entry, (bytes) => {
          if (stopped) throw new Unreadable("stopped");
          done += bytes;
          tell();
        });
      } catch (error) {
        whyNot(error, entry);
      }
      done = before + file.size;
    }
    tell();
  }
  return overview();
}

/** The page's policy does not reach into a worker, so this one gives up the net by itself. */
function shut() {
  for (const name of [
    "fetch",
    "XMLHttpRequest",
    "WebSocket",
    "EventSource",
    "WebTransport",
    "Worker",
    "BroadcastChannel",
  ]) {
    Object.defineProperty(globalThis, name, { value: undefined });
  }
}

async function read(file, entry, arrived) {
  const stream = await open(file, arrived);
  for await (const record of each(stream.pipeThrough(createStream()))) {
    if (isNothing(record)) break;
    add(record, file.lastModified, entry);
    if (rows.length >= MOST_ROWS) throw new Unreadable("full");
    if (entry.records % TURN === 0) await new Promise((next) => setTimeout(next));
    if (stopped) throw new Unreadable("stopped");
  }
  if (entry.records === 0) throw new Unreadable("nothing");
}

/** What a stream gives, one after the other; not every browser does so by itself. */
async function* each(stream) {
  const reader = stream.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    reader.cancel().catch(() => {});
  }
}

function add(record, near, entry) {
  const row = rowOf(record, { near, once });
  const kind = row?.kind ?? "inbound";
  entry.records += 1;
  entry.kinds[kind] = (entry.kinds[kind] ?? 0) + 1;
  if (COUNTED.includes(kind)) entry.counted += 1;
  if (COUNTED.includes(kind) || kind === "delivered" || kind === "complaint") rows.push(row);
}

/** Why a file was not read, or not to its end. */
function whyNot(error, entry) {
  entry.why =
    error.why ?? (error.code === "record-too-long" ? "too-long" : error instanceof TypeError ? "damaged" : "gone");
  entry.what = error.what ?? "";
}

const kept = new Map();

function once(text) {
  const same = kept.get(text);
  if (same !== undefined) return same;
  if (kept.size > 100_000) kept.clear();
  kept.set(text, text);
  return text;
}

function pacer() {
  let last = 0;
  return (progress) => {
    const now = performance.now();
    if (now - last < PACE) return;
    last = now;
    postMessage({ progress });
  };
}

function stop() {
  stopped = true;
}

function forget() {
  report?.free();
  report = null;
  asked = "";
  order = "";
}

/** What was read: the files, the period, the campaigns, and what the rows can be grouped by. */
function overview() {
  let [from, until, undated] = [Infinity, -Infinity, 0];
  const campaigns = new Map();
  const known = { fromDomain: 0, sendingIp: 0, campaign: 0 };
  let counted = 0;
  for (const row of rows) {
    if (!COUNTED.includes(row.kind)) continue;
    counted += 1;
    if (row.time === null) undated += 1;
    else {
      from = Math.min(from, row.time);
      until = Math.max(until, row.time);
    }
    campaigns.set(row.campaign, (campaigns.get(row.campaign) ?? 0) + 1);
    for (const name of Object.keys(known)) if (row[name]) known[name] += 1;
  }
  const named = [...campaigns].sort((a, b) => b[1] - a[1]).map(([name, amount]) => ({ name, amount }));
  return {
    files,
    counted,
    undated,
    from: counted > undated ? from : null,
    until: counted > undated ? until : null,
    campaigns: named,
    known,
    addressed: rows.filter(addressed).length,
  };
}

const DAY = 24 * 3600 * 1000;
const reported = ({ kind }) => COUNTED.includes(kind) || kind === "delivered";

/** Makes the report that is asked for, unless it is there already. */
function make({ groupBy, from, until, campaign }) {
  const question = JSON.stringify([groupBy, from, until, campaign]);
  if (question === asked) return;
  forget();
  const options = { groupBy };
  if (from !== null) options.from = from;
  if (until !== null) options.until = until + DAY;
  if (campaign !== null) options.campaign = campaign;
  report = summarise(rows.filter(reported), options);
  asked = question;
}

/** A page of the table, sorted. */
function table({ settings, sort, start, size }) {
  make(settings);
  if (order !== sort.join()) {
    lines = sorted(report.lines, ...sort);
    order = sort.join();
  }
  const { fields: columns, total, undated } = report;
  const most = report.lines[0]?.amount ?? 0;
  return { columns, total, undated, most, count: lines.length, start, lines: lines.slice(start, start + size) };
}

function sorted(list, by, direction) {
  if (by === "amount" && direction === "descending") return list;
  const sign = direction === "ascending" ? 1 : -1;
  const { compare } = new Intl.Collator("en", { numeric: true });
  const key = /^\d+$/.test(by) ? Number(by) : null;
  const difference = key === null ? (a, b) => a[by] - b[by] : (a, b) => compare(a.keys[key], b.keys[key]);
  return list.slice().sort((a, b) => sign * difference(a, b));
}

function csv({ settings }) {
  make(settings);
  return report.toCSV();
}

async function xlsx({ settings }) {
  make(settings);
  return report.toXLSX();
}

let played = null;

/** Who would be stopped under each policy, and when. */
function policies({ start, size, differing }) {
  played ??= play();
  const shown = played.outcomes.filter(({ differs }) => differs || !differing);
  return { ...played, outcomes: shown.slice(start, start + size), count: shown.length, start };
}

const addressed = ({ recipient, time }) => recipient !== null && time !== null;

/** A policy needs to know who and when; rows that do not say both are counted as left out. */
const events = () =>
  rows.filter(addressed).map(({ recipient, time, campaign, message, ...verdict }) => ({
    address: recipient,
    time,
    campaign: campaign ?? message,
    verdict,
  }));

function play() {
  const all = events();
  return { ...replay(all, { policies: POLICIES }), left: rows.length - all.length };
}

/** The suppression list of a policy, as things stand after the last event. */
function list({ policy }) {
  const all = events();
  const ledger = createLedger({ policy });
  try {
    const entries = ledger.record(all).suppressed({ now: all.reduce((last, { time }) => Math.max(last, time), 0) });
    return writeSuppressionList(entries, { form: "csv" });
  } finally {
    ledger.free();
  }
}
