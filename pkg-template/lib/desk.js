// Decisions, ledgers and reports: questions to the engine as JSON, and its answers as plain data.
// Histories live in the engine; here is only what JavaScript is better at, dates and sentences.

import { failure, named } from "./error.js";
import { SENTENCES } from "./sentences.js";

/** Events and rows cross the border in portions of this many. */
const PORTION = 4096;

/** Checks the keys of an options object; an unknown one is an error that names it. */
function keys(options, known) {
  if (options === undefined) return {};
  if (options === null || typeof options !== "object") throw failure("bad-option", `the options must be an object, not ${named(options)}`);
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw failure("unknown-option", `unknown option \`${key}\`; known: ${known.join(", ")}`);
  }
  return options;
}

/** A `Date` or epoch milliseconds as the latter. */
function moment(value, field) {
  const time = value instanceof Date ? value.getTime() : value;
  if (typeof time === "number" && Number.isFinite(time)) return Math.floor(time);
  throw failure("bad-time", `\`${field}\` must be a Date or epoch milliseconds, not ${value instanceof Date ? "an invalid Date" : named(value)}`);
}

/** What counts of a verdict; its confidence in hundredths. */
function happening(verdict) {
  if (verdict === null || typeof verdict !== "object") throw failure("bad-event", `\`verdict\` must be a verdict or \`{ kind }\`, not ${named(verdict)}`);
  const { kind, type, reason, code, status, retryAfter } = verdict;
  const confidence = typeof verdict.confidence === "number" ? Math.round(verdict.confidence * 100) : verdict.confidence;
  return { kind, type, reason, confidence, code, status, retryAfter };
}

function language(locale = "en") {
  const tag = typeof locale === "string" ? locale.replaceAll("_", "-").toLowerCase() : undefined;
  const locales = Object.keys(SENTENCES);
  const known = locales.find((each) => tag === each || tag?.startsWith(`${each}-`));
  if (known === undefined) throw failure("unknown-locale", `unknown locale ${named(locale)}; known: ${locales.join(", ")}`);
  return known;
}

/** The platform's rules for numbers, by locale: they cost more to make than a decision. */
const RULES = new Map();

function rulesOf(locale) {
  if (!RULES.has(locale)) RULES.set(locale, { digits: new Intl.NumberFormat(locale), plurals: new Intl.PluralRules(locale) });
  return RULES.get(locale);
}

/** The sentences that were made: few, and each made again and again. Numbers are without end, so it has one. */
const MADE = /* @__PURE__ */ new Map();
const MOST = 4096;

/** “Third of five soft bounces; two more and it turns hard.” */
function sentence(key, { count, of }, locale) {
  const id = `${locale} ${key} ${count} ${of}`;
  let made = MADE.get(id);
  if (made === undefined) {
    made = make(key, count, of, locale);
    if (MADE.size >= MOST) MADE.clear();
    MADE.set(id, made);
  }
  return made;
}

function make(key, count, of, locale) {
  const { numbers, ordinals, why } = SENTENCES[locale];
  const { digits, plurals } = rulesOf(locale);
  const left = Math.max(0, (of ?? 0) - count);
  const word = (number, list = numbers) => list[number - 1] ?? digits.format(number);
  const facts = { count: word(count), ordinal: word(count, ordinals), of: word(of), left: word(left) };
  const form = why[key][plurals.select(left)] ?? why[key].other;
  const text = form.replace(/\{([a-z]+)\}/g, (_, name) => facts[name]);
  return text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1);
}

/** The key of the sentence, and the sentence. */
function spoken(decision, locale) {
  const { action, why, ...rest } = decision;
  return { action, why: sentence(why, decision.strikes, locale), whyKey: why, ...rest };
}

/** Hands a list over in portions, each with the place of its first item. */
function inPortions(list, make, send) {
  const items = typeof list?.[Symbol.iterator] === "function" && typeof list !== "string" ? list : [list];
  let portion = [];
  let first = 0;
  for (const item of items) {
    portion.push(make(item));
    if (portion.length === PORTION) {
      send(portion, first);
      first += portion.length;
      portion = [];
    }
  }
  if (portion.length > 0) send(portion, first);
}

/** One form for letters that can be written in two: the engine has no tables of Unicode, the platform has. */
function composed(address) {
  if (typeof address !== "string" || /^[\0-\x7f]*$/.test(address)) return address;
  const domain = address.lastIndexOf("@") + 1;
  // Letter by letter: a sigma at the end of a word must not become another one.
  const lowered = Array.from(address.slice(domain).normalize("NFKC"), (letter) => letter.toLowerCase()).join("");
  return address.slice(0, domain).normalize("NFC") + lowered.normalize("NFC");
}

function event(each) {
  const { address, verdict, time, campaign } = each ?? {};
  return { address: composed(address), what: happening(verdict), time: moment(time, "time"), campaign };
}

export function decide(engine, verdict, options) {
  const { policy, history, campaign, now, locale } = keys(options, ["policy", "history", "campaign", "now", "locale"]);
  const question = { ask: "decide", what: happening(verdict), policy, history, campaign, now: moment(now, "now") };
  return spoken(engine.ask(question), language(locale));
}

export function replay(engine, events, options) {
  const { policies } = keys(options, ["policies"]);
  if (!Array.isArray(policies)) throw failure("bad-policy", `\`policies\` must be an array of policies, not ${named(policies)}`);
  const handle = engine.ask({ ask: "replay-open", policies });
  try {
    inPortions(events, event, (portion, first) => engine.ask({ ask: "replay-add", handle, first, events: portion }));
    return engine.ask({ ask: "replay-play", handle });
  } finally {
    close({ engine, question: { ask: "replay-close", handle } });
  }
}

/** What is open in the engine, closed when nobody holds it any more, where the platform can tell. */
const forgotten = typeof FinalizationRegistry === "undefined" ? undefined : /* @__PURE__ */ new FinalizationRegistry(close);

function close({ engine, question }) {
  if (!engine.dead) engine.ask(question);
}

class Open {
  #engine;
  #handle;
  #of;

  constructor(engine, of, question) {
    this.#engine = engine;
    this.#of = of;
    this.#handle = engine.ask({ ask: `${of}-open`, ...question });
    forgotten?.register(this, { engine, question: { ask: `${of}-close`, handle: this.#handle } }, this);
  }

  _ask(question, details) {
    return this.#engine.ask({ ask: `${this.#of}-${question}`, handle: this.#handle, ...details });
  }

  /** Adds all that another one of the same kind knows. */
  merge(other) {
    if (!(other instanceof this.constructor) || other.#engine !== this.#engine) {
      throw failure("bad-event", `merge takes another ${this.#of} of the same engine, not ${named(other)}`);
    }
    this._ask("merge", { other: other.#handle });
    return this;
  }

  /** Gives its memory back; it cannot be used any more. */
  free() {
    forgotten?.unregister(this);
    this._ask("close");
  }
}

class Ledger extends Open {
  record(events) {
    inPortions(events, event, (portion, first) => this._ask("record", { first, events: portion }));
    return this;
  }

  decision(address, options) {
    const { now, locale } = keys(options, ["now", "locale"]);
    return spoken(this._ask("decision", { address: composed(address), now: moment(now, "now") }), language(locale));
  }

  suppressed(options) {
    const { now } = keys(options, ["now"]);
    return this._ask("suppressed", { now: moment(now, "now") }).entries;
  }

  setPolicy(policy) {
    this._ask("policy", { policy });
    return this;
  }

  get size() {
    return this._ask("size").size;
  }

  get memory() {
    return this._ask("size").memory;
  }

  toJSON() {
    return this._ask("state");
  }

  fromJSON(state) {
    this._ask("load", { state });
    return this;
  }
}

export function createLedger(engine, options) {
  const { policy } = keys(options, ["policy"]);
  return new Ledger(engine, "ledger", { policy });
}

class Report extends Open {
  #table;

  add(rows) {
    inPortions(rows, row, (portion, first) => this._ask("add", { first, rows: portion }));
    this.#table = undefined;
    return this;
  }

  merge(other) {
    this.#table = undefined;
    return super.merge(other);
  }

  #get() {
    return (this.#table ??= this._ask("table"));
  }

  get fields() {
    return this.#get().fields;
  }

  get lines() {
    return this.#get().lines;
  }

  get total() {
    return this.#get().total;
  }

  get undated() {
    return this.#get().undated;
  }

  toCSV() {
    return this._ask("csv");
  }

  async toXLSX() {
    const table = this.#get();
    let writer;
    try {
      writer = await import("./xlsx.js");
    } catch (error) {
      throw failure("xlsx-unavailable", `the part of bouncelens that writes Excel files could not be loaded: ${error?.message ?? error}`, error);
    }
    return writer.xlsx(table);
  }

  toJSON() {
    return this.#get();
  }
}

/** A row: fields by name, a verdict, a row of a batch, or a record of `explain`. */
function row(each) {
  if (each === null || typeof each !== "object") throw failure("bad-event", `a row must be a verdict, a record or fields by name, not ${named(each)}`);
  if (each.verdict === undefined) return flat(each);
  const { notice = {}, verdict, ...own } = each;
  return flat({
    ...verdict,
    recipient: verdict.recipient ?? notice.recipientDomain,
    fromDomain: notice.sender?.slice(notice.sender.lastIndexOf("@") + 1),
    sendingIp: notice.sendingIp,
    campaign: notice.campaign,
    message: notice.messageId ?? notice.queueId,
    time: written(notice.time),
    ...own,
  });
}

/** A time as a report wrote it, where it says which year it means. */
function written(text) {
  if (/^1\d{9}(\d{3})?$/.test(text)) return Number(text.padEnd(13, "0"));
  const time = /(19|20)\d\d/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? null : time;
}

function flat(fields) {
  const { kind, type, reason, time, fromDomain, recipient, sendingIp, provider, campaign, message, text, diagnostic } = fields;
  const at = time === undefined || time === null ? null : moment(time, "time");
  return { kind, type, reason, time: at, fromDomain: composed(fromDomain), recipient: composed(recipient), sendingIp, provider, campaign, message, text: text ?? diagnostic };
}

export function summarise(engine, rows, options) {
  const { groupBy = [], from, until, campaign } = keys(options, ["groupBy", "from", "until", "campaign"]);
  if (!Array.isArray(groupBy)) throw failure("bad-report", `\`groupBy\` must be an array of fields, not ${named(groupBy)}`);
  const question = {
    groupBy,
    campaign,
    from: from === undefined ? undefined : moment(from, "from"),
    until: until === undefined ? undefined : moment(until, "until"),
  };
  return new Report(engine, "report", question).add(rows);
}

export function readSuppressionList(engine, text) {
  if (typeof text !== "string") throw failure("bad-list", `a suppression list must be a text, not ${named(text)}`);
  return engine.ask({ ask: "list-read", text: text.normalize("NFC") }).entries;
}

export function writeSuppressionList(engine, entries, options) {
  const { form = "csv", hashed = false } = keys(options, ["form", "hashed"]);
  return engine.ask({ ask: "list-write", entries: Array.from(entries, (entry) => ({ ...entry, address: composed(entry?.address) })), form, hashed });
}
