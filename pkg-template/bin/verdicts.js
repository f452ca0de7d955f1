// What each record says: a table for people, JSON, CSV or a workbook for programs.

import { advise, createLedger, decide } from "../inline.js";
import { FAULT_WORDS } from "../lib/faults.js";
import { LOCALES } from "../lib/locales.js";
import { isNothing, rowOf } from "../stream.inline.js";
import { inputsOf, nameOf, records } from "./inputs.js";
import { clean, fit, wrap } from "./letters.js";
import { csv, Workbook } from "./output.js";

/** The columns of CSV and of the workbook: title, width in letters, value. */
const COLUMNS = [
  ["file", 24, ({ input }) => nameOf(input)],
  ["start", 10, ({ result }) => result.start],
  ["end", 10, ({ result }) => result.end],
  ["kind", 12, ({ verdict }) => verdict.kind],
  ["type", 8, ({ verdict }) => verdict.type],
  ["category", 20, ({ verdict }) => verdict.category],
  ["reason", 26, ({ verdict }) => verdict.reason],
  ["fault", 12, ({ verdict }) => verdict.fault],
  ["confidence", 12, ({ verdict }) => verdict.confidence],
  ["likely-hard", 12, ({ verdict }) => (verdict.likelyHard ? "yes" : null)],
  ["code", 8, ({ verdict }) => verdict.code],
  ["status", 10, ({ verdict }) => verdict.status],
  ["recipient", 32, ({ verdict }) => verdict.recipient],
  ["remote-host", 28, ({ verdict }) => verdict.remoteHost],
  ["provider", 14, ({ verdict }) => verdict.provider],
  ["retry-after", 12, ({ verdict }) => verdict.retryAfter],
  ["meaning", 40, ({ verdict, locale }) => advise(verdict, locale).title],
  ["diagnostic", 80, ({ verdict }) => verdict.diagnostic],
];
const DECIDED = [
  ["action", 12, ({ decision }) => decision.action],
  ["why", 60, ({ decision }) => decision.why],
];

export async function run(given, output, miss) {
  if (given.policies.length > 1) {
    const { Usage } = await import("./arguments.js");
    throw new Usage("records are judged by one --policy; replay takes several");
  }
  const columns = given.policies.length > 0 ? [...COLUMNS, ...DECIDED] : COLUMNS;
  const book = given.xlsx === undefined ? undefined : new Workbook(columns);
  const show = shown(given, output, columns, book);
  const inputs = await inputsOf(given.paths, miss);
  const total = inputs.reduce((sum, { size }) => sum + size, 0);
  if (output.terminal && book === undefined) output.progress.off();
  const judge = judging(given);
  await show.begin?.();
  for await (const { input, result } of records(inputs, given.reading, ({ path }, bytes) => output.progress.tell(path, bytes, total), miss)) {
    const record = { input, result, verdict: result.verdict, locale: given.locale, decision: judge(input, result) };
    book?.add(columns.map(([, , value]) => value(record)));
    await show.record(record);
  }
  await show.end?.();
  await output.flush();
  if (book !== undefined) await output.save(given.xlsx, await book.bytes("Bounces"));
}

/** What to do with the address after each record, all before it counted. */
function judging({ policies: [chosen], locale }) {
  if (chosen === undefined) return () => undefined;
  const { policy } = chosen;
  const ledger = createLedger({ policy });
  return (input, result) => {
    const { verdict } = result;
    const row = rowOf(result, { near: input.changed });
    const now = row?.time ?? Math.floor(input.changed);
    if (row === null || row.recipient === null) return decide(verdict, { policy, now, locale });
    ledger.record({ address: row.recipient, verdict, time: now, campaign: row.campaign ?? row.message });
    return ledger.decision(row.recipient, { now, locale });
  };
}

function shown(given, output, columns, book) {
  if (given.json) return { record: (record) => output.data(json(record)) };
  if (given.csv) {
    return {
      begin: () => output.data(csv(columns.map(([title]) => title))),
      record: (record) => output.data(csv(columns.map(([, , value]) => value(record)))),
    };
  }
  return book === undefined ? new Table(output) : { record: async () => {} };
}

function json({ input, result: { index, start, end, verdict }, decision }) {
  const place = { file: nameOf(input), index, start, end };
  const { history, ...decided } = decision ?? {};
  return `${JSON.stringify(decision === undefined ? { ...verdict, place } : { ...verdict, place, decision: decided })}\n`;
}

const typeOf = ({ kind, type }) => type ?? (kind === "bounce" ? "" : "–");
const percent = (share) => `${Math.round(share * 100)} %`;

/** A table; of a single record all that is known. */
class Table {
  #output;
  #first;
  #file;
  #counts = new Map();

  constructor(output) {
    this.#output = output;
  }

  async record(record) {
    const { verdict } = record;
    const key = verdict.type ?? verdict.kind;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (this.#first === undefined) {
      this.#first = record;
      return;
    }
    if (this.#first !== null) {
      const first = this.#first;
      this.#first = null;
      await this.#line(first);
    }
    await this.#line(record);
  }

  async #line({ input, verdict, decision }) {
    const output = this.#output;
    const { width } = output;
    if (this.#file === undefined) await output.add(output.paint("dim", `${this.#layout("type", "sure", "reason", decision && "action", "recipient", "what was said")}`));
    if (this.#file !== input.path) {
      this.#file = input.path;
      if (input.path !== "-") await output.add(`${output.paint("bold", fit(clean(input.path), width).trimEnd())}\n`);
    }
    const type = typeOf(verdict);
    const line = this.#layout(type, percent(verdict.confidence), verdict.reason ?? verdict.kind, decision?.action, verdict.recipient ?? "", verdict.diagnostic);
    await output.add(type === "hard" || type === "soft" ? output.paint(type, line.slice(0, 4)) + line.slice(4) : line);
  }

  #layout(type, sure, reason, action, recipient, text) {
    const { width } = this.#output;
    const cells = [fit(type, 4), fit(sure, 5, true), fit(reason, Math.min(26, Math.max(8, width - (action === undefined ? 13 : 23))))];
    if (action !== undefined) cells.push(fit(action, 8));
    if (width >= 72) cells.push(fit(clean(recipient), Math.min(32, Math.floor(width / 4))));
    const room = width - cells.reduce((sum, each) => sum + [...each].length + 2, 0);
    if (room >= 12) cells.push(fit(clean(text), room));
    return `${cells.join("  ").trimEnd()}\n`;
  }

  async end() {
    const output = this.#output;
    if (this.#first) return output.add(card(this.#first, output));
    if (this.#first === undefined) return;
    const counts = [...this.#counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => `${count} ${name}`);
    const sum = [...this.#counts.values()].reduce((a, b) => a + b, 0);
    await output.add(output.paint("dim", `${sum} records: ${counts.join(", ")}\n`));
  }
}

/** All that is known of one record. */
function card({ result, verdict, locale, decision }, output) {
  const width = Math.min(output.width, 100);
  const advice = advise(verdict, locale);
  const { kind, type, category, reason, fault, likelyHard } = verdict;
  const lines = [`${output.paint(type ?? "dim", (type ?? kind).toUpperCase())}  ${output.paint("bold", advice.title)}`];
  const { labels } = LOCALES[advice.locale];
  if (advice.summary !== "") lines.push(wrap(advice.summary, width));
  if (likelyHard) lines.push(wrap(labels.likely_hard, width));
  if (verdict.diagnostic !== "") lines.push("", wrap(`“${clean(verdict.diagnostic)}”`, width));
  if (isNothing(result)) lines.push(...result.notice.notes.map((note) => wrap(clean(note), width)));
  lines.push("");
  const facts = [
    [labels.why, reason === null ? null : `${category} / ${reason}`],
    [labels.fault, kind === "bounce" || kind === "delay" ? FAULT_WORDS[advice.locale][fault] : null],
    [labels.confidence, percent(verdict.confidence)],
    [labels.code, verdict.code === null ? null : `${verdict.code}`],
    [labels.status, verdict.status],
    [labels.recipient, verdict.recipient],
    [labels.remote_host, verdict.remoteHost],
    [labels.provider, verdict.provider],
    [labels.retry_after, verdict.retryAfter === null ? null : `${verdict.retryAfter} s`],
    [labels.decision, decision === undefined ? null : `${decision.action}: ${decision.why}`],
  ];
  const words = verdict.because.filter(({ role, text }) => role === "supports" && text !== "").map(({ text }) => `“${clean(text)}”`);
  facts.push([labels.evidence, words.length > 0 ? [...new Set(words)].join(", ") : null]);
  const stated = facts.filter(([, value]) => value !== null);
  const column = Math.max(...stated.map(([label]) => label.length)) + 2;
  for (const [label, value] of stated) lines.push(label.padEnd(column) + wrap(clean(value), width, " ".repeat(column)).trimStart());
  for (const [reader, steps] of [[labels.marketer, advice.steps.marketer], [labels.admin, advice.steps.administrator]]) {
    if (steps.length === 0) continue;
    lines.push("", output.paint("bold", reader));
    for (const step of steps) lines.push(`- ${wrap(step, width - 2, "  ").trimStart()}`);
  }
  for (const { name, url } of advice.links) lines.push("", `${name}: ${url}`);
  return `${lines.join("\n")}\n`;
}
