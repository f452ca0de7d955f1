// A stream of any length in portions that end where a record ends, so that it can be read while it
// arrives. What a portion needs of those before it (the header of a table, the sender of a mail in a
// log) is put before it, and the records that this beginning gives by itself are left out again.
//
// Where a portion ends depends on the bytes alone, not on how they are cut into chunks.

import { failure } from "./error.js";

/** A portion is about this long: reading one takes a moment, not a second. */
export const PORTION = 2 * 1024 * 1024;
/** A record that is longer is not read. */
export const LONGEST = 64 * 1024 * 1024;
/** So much shows what an input is. */
const HEAD = 64 * 1024;
/** So many lines show how a table or log is laid out; the engine looks at no more of them. */
const HEAD_LINES = 64;

const NEWLINE = 10;
const encoder = /* @__PURE__ */ new TextEncoder();

/**
 * @typedef {object} Piece
 * @property {Uint8Array | string} input bytes, or where these are no UTF-8 a string with a letter for each
 * @property {number} before so much of the input, in bytes or letters, was read already and only helps
 * @property {boolean} again whether that gives records by itself, which were given already
 * @property {number} start where the rest of the input stands in the stream
 * @property {(at: number | null) => [number, number] | null} record the record that holds a place of that rest
 */

/**
 * @param {AsyncIterable<Uint8Array>} chunks
 * @param {object} settings
 * @param {boolean} [settings.lines] each line is a text of its own
 * @param {string} [settings.form] what it is, where the caller knows
 * @param {(head: Uint8Array) => string} settings.formOf asks the engine what a beginning is
 * @param {number} settings.size of a portion, in bytes
 * @param {number} settings.longest record, in bytes
 * @returns {AsyncGenerator<Piece[]>} portion by portion
 * @throws `record-too-long`
 */
export async function* portions(chunks, { lines, form, formOf, size, longest }) {
  let held = [];
  let length = 0;
  let start = 0;
  let layout;
  let goal = Math.max(size, HEAD);
  const take = (bytes, cut) => {
    const pieces = layout.pieces(bytes.subarray(0, cut), start);
    start += cut;
    return pieces;
  };
  for await (let chunk of chunks) {
    while (chunk.length > 0) {
      const part = chunk.subarray(0, goal - length);
      chunk = chunk.subarray(part.length);
      held.push(part);
      length += part.length;
      if (length < goal) continue;
      const bytes = join(held, length);
      layout ??= lines ? new Each() : layoutOf(bytes, form, formOf);
      const cut = layout.cut(bytes);
      if (cut === 0 && length > longest) throw tooLong(start, longest);
      if (cut > 0) yield take(bytes, cut);
      // Copied, so that what was read already can be let go.
      held = [bytes.slice(cut)];
      length -= cut;
      // A record that is long already is looked at again when it has doubled.
      goal = cut === 0 ? Math.min(2 * length, longest + 1) : length + size;
    }
  }
  if (length === 0) return;
  const bytes = join(held, length);
  layout ??= lines ? new Each() : layoutOf(bytes, form, formOf);
  if (length > longest && layout.cut(bytes) === 0) throw tooLong(start, longest);
  yield take(bytes, length);
}

const tooLong = (start, longest) =>
  failure("record-too-long", `the record at byte ${start} is longer than ${longest} bytes; option \`maxBytes\` sets the limit`);

function join(chunks, length) {
  if (chunks.length === 1) return chunks[0];
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** UTF-8, or else windows-1252, which never fails and has a letter for each byte. */
function decoded(bytes) {
  try {
    return { text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes), sound: true };
  } catch {
    return { text: new TextDecoder("windows-1252").decode(bytes), sound: false };
  }
}

/** Text that was read already and what follows it, as one input. */
function behind(before, bytes, { text, sound }) {
  if (!sound) return { input: before + text, before: before.length };
  if (before === "") return { input: bytes, before: 0 };
  const head = encoder.encode(before);
  return { input: join([head, bytes], head.length + bytes.length), before: head.length };
}

const MAILS = ["mail", "dsn", "ndr", "arf"];
const starts = (bytes, mark) => encoder.encode(mark).every((byte, index) => bytes[index] === byte);

function layoutOf(bytes, given, formOf) {
  if (given === undefined || MAILS.includes(given)) {
    if (starts(bytes, MMDF)) return new Mailbox(MMDF_END);
    if (starts(bytes, "From ")) return new Mailbox(MBOX_END);
  }
  const form = given ?? formOf(bytes.subarray(0, HEAD));
  if (MAILS.includes(form)) return new Mailbox(MBOX_END);
  const first = firstLetter(bytes);
  const json = first === 0x5b || first === 0x7b;
  if (json && given !== "smtp" && given !== "csv") return new Json(first === 0x5b);
  if (form === "csv") return new Table(bytes);
  return form === "log" ? new Log(bytes) : new Lines();
}

/** The first that is no blank and no byte order mark. */
const firstLetter = (bytes) => bytes.find((byte) => byte > 32 && byte < 128);

/** The record that holds a place, of records `[start, end]` in their order. */
function holder(records) {
  return (at) => {
    let [low, high] = [0, records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (records[middle][1] <= at) low = middle + 1;
      else high = middle;
    }
    return low < records.length && records[low][0] <= at ? records[low] : null;
  };
}

/** As `holder`, of records that are looked for only where somebody asks. */
function later(list) {
  let find;
  return (at) => (at === null ? null : (find ??= holder(list()))(at));
}

const MMDF = "\u0001\u0001\u0001\u0001";
/** Between two mails: where the first match of a mail's end is, the next mail begins after group 1. */
const MMDF_END = /(\n\u0001{4}\r?\n)\u0001{4}\r?\n/g;
const MBOX_END = /(\n\r?\n)From [^\n]{0,300}\d\d:\d\d[^\n]{0,100}\d{4}/g;

/** Many mails; they are cut before the last one that has begun, and each is read by itself. */
class Mailbox {
  constructor(end) {
    this.end = end;
  }

  #ends(bytes) {
    // A letter for each byte, so that places are places.
    const letters = new TextDecoder("latin1").decode(bytes);
    return Array.from(letters.matchAll(this.end), (found) => found.index + found[1].length);
  }

  cut(bytes) {
    return this.#ends(bytes).at(-1) ?? 0;
  }

  pieces(bytes, start) {
    let from = 0;
    return [...this.#ends(bytes).filter((end) => end < bytes.length), bytes.length].map((end) => {
      const piece = { input: bytes.subarray(from, end), before: 0, start: start + from, record: () => [0, piece.input.length] };
      from = end;
      return piece;
    });
  }
}

/** Replies, one after the other; one of several lines stays whole. */
class Lines {
  cut(bytes) {
    let cut = 0;
    const least = bytes.length - HEAD;
    for (let end = bytes.lastIndexOf(NEWLINE); end > 0 && (cut === 0 || end > least); end = bytes.lastIndexOf(NEWLINE, end - 1)) {
      const line = bytes.lastIndexOf(NEWLINE, end - 1) + 1;
      if (goesOn(bytes, line)) continue;
      if (this.apart(bytes, line, end + 1)) return end + 1;
      cut ||= end + 1;
    }
    // Better than none, where there is much.
    return bytes.length > HEAD ? cut : 0;
  }

  /** Whether the line before a cut and the one after it are certainly two records: lines of one code may be one reply. */
  apart(bytes, before, after) {
    return after < bytes.length - 2 && [0, 1, 2].some((digit) => bytes[before + digit] !== bytes[after + digit]);
  }

  pieces(bytes, start) {
    const own = decoded(bytes);
    return [{ ...behind(this.before(own.text), bytes, own), again: true, start, record: later(() => this.records(bytes)) }];
  }

  /** What goes along with a portion. */
  before() {
    return "";
  }

  records(bytes) {
    const list = [];
    let from = 0;
    for (let at = 0; at < bytes.length; ) {
      const end = lineEnd(bytes, at);
      if (!goesOn(bytes, at)) {
        list.push([from, trimmed(bytes, end)]);
        from = end;
      }
      at = end;
    }
    if (from < bytes.length) list.push([from, trimmed(bytes, bytes.length)]);
    return list;
  }
}

/** Lines, each of which is read by itself; a reply of several is one. */
class Each extends Lines {
  apart() {
    return true;
  }

  pieces(bytes, start) {
    return this.records(bytes).filter(([from, end]) => from < end).map(([from, end]) => {
      const own = bytes.subarray(from, end);
      return { ...behind("", own, decoded(own)), start: start + from, record: () => [0, own.length] };
    });
  }
}

/** "450-": the reply goes on with the next line. */
const goesOn = (bytes, line) => bytes[line] >= 0x32 && bytes[line] <= 0x35 && bytes[line + 3] === 0x2d;

function lineEnd(bytes, at) {
  const end = bytes.indexOf(NEWLINE, at);
  return end < 0 ? bytes.length : end + 1;
}

/** The end without the line's own end. */
function trimmed(bytes, end) {
  while (bytes[end - 1] === NEWLINE || bytes[end - 1] === 13) end -= 1;
  return end;
}

/** A log: what earlier lines say of a mail, its sender and its id, goes along with later deliveries. */
class Log extends Lines {
  #head;
  #used = false;
  #known = new Map();

  constructor(bytes) {
    super();
    this.#head = firstLines(bytes, (byte) => byte === NEWLINE);
  }

  /** A line is a record. */
  apart() {
    return true;
  }

  before(own) {
    const before = this.#used ? this.#head + this.#told(own) : "";
    this.#used = true;
    this.#learn(own);
    return before;
  }

  #told(own) {
    const ids = new Set(Array.from(own.matchAll(DELIVERED), (found) => found[1] ?? found[2]));
    return Array.from(ids, (id) => this.#known.get(id) ?? "").join("");
  }

  #learn(own) {
    for (const found of own.matchAll(TOLD)) {
      const id = copy(found[1] ?? found[2]);
      const lines = (this.#known.get(id) ?? "").slice(-2000);
      this.#known.delete(id);
      this.#known.set(id, copy(`${lines}${found[0]}\n`));
    }
    for (const id of this.#known.keys()) {
      if (this.#known.size <= KNOWN) break;
      this.#known.delete(id);
    }
  }
}

/** Mails that are remembered; the oldest are forgotten first. */
const KNOWN = 200_000;
/** Lines that tell of a mail (Postfix and Sendmail, Exim), and lines that tell of a delivery. */
const TOLD =
  /^[^\n]{0,200}?(?:\]: ([0-9A-Za-z]{5,20}): (?:from=(?![^\n]* status=)|message-id=)|\s(\w{6}-\w{6,11}-\w{2,4}) <= )[^\n]*/gm;
const DELIVERED = /\]: ([0-9A-Za-z]{5,20}): to=|\s(\w{6}-\w{6,11}-\w{2,4}) (?:==|\*\*|=>|->) /g;

/** A text of its own: a part of a string keeps the whole of it in memory. */
const copy = (text) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(encoder.encode(text));

/** A table: its first rows show how every portion is laid out. */
class Table extends Lines {
  #head;
  #used = false;

  constructor(bytes) {
    super();
    let quoted = false;
    this.#head = firstLines(bytes, (byte) => {
      if (byte === QUOTE) quoted = !quoted;
      return byte === NEWLINE && !quoted;
    });
  }

  cut(bytes) {
    const cut = rows(bytes).at(-1)?.[1] ?? 0;
    // A quote that is open for so long is a plain character.
    return cut > 0 || bytes.length <= HEAD ? cut : bytes.lastIndexOf(NEWLINE) + 1;
  }

  before() {
    const before = this.#used ? this.#head : "";
    this.#used = true;
    return before;
  }

  records(bytes) {
    const list = rows(bytes);
    const from = list.at(-1)?.[1] ?? 0;
    if (from < bytes.length) list.push([from, bytes.length]);
    return list.map(([start, end]) => [start, trimmed(bytes, end)]);
  }
}

const QUOTE = 0x22;

/** The rows that are complete; a line end between quotes ends none. */
function rows(bytes) {
  const list = [];
  let quoted = false;
  let from = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === QUOTE) quoted = !quoted;
    else if (bytes[at] === NEWLINE && !quoted) {
      list.push([from, at + 1]);
      from = at + 1;
    }
  }
  return list;
}

function firstLines(bytes, ends) {
  let lines = 0;
  let at = 0;
  for (; at < bytes.length && lines < HEAD_LINES; at += 1) if (ends(bytes[at])) lines += 1;
  return decoded(bytes.subarray(0, at)).text;
}

/** JSON, one value after the other or one long list. */
class Json {
  /** How deep the values stand that are read one by one. */
  #base;
  /** Whether the next portion goes on with the list. */
  #inside = false;
  #begun = false;

  constructor(list) {
    this.#base = list ? 1 : 0;
  }

  cut(bytes) {
    return this.#scan(bytes).cut;
  }

  #scan(bytes, inside = this.#inside) {
    return scan(bytes, inside ? 1 : 0, this.#base);
  }

  pieces(bytes, start) {
    const inside = this.#inside;
    const first = !this.#begun;
    this.#begun = true;
    this.#inside = this.#base === 1 && bytes.at(-1) === COMMA;
    // A list that goes on in the next portion ends here, in place of its comma.
    const own = this.#inside ? closed(bytes) : bytes;
    const text = decoded(own);
    // What follows the last value of a list.
    if (!first && /^[\s\]]*$/.test(text.text)) return [];
    return [{ ...behind(inside ? "[" : "", own, text), start, record: later(() => this.#scan(bytes, inside).values) }];
  }
}

const COMMA = 0x2c;
const CLOSE = 0x5d;

function closed(bytes) {
  const copy = bytes.slice();
  copy[copy.length - 1] = CLOSE;
  return copy;
}

/** The values that stand at a depth, as `[start, end]`, and the end of the last one, its comma included. */
function scan(bytes, from, base) {
  const values = [];
  let depth = from;
  let [cut, begin] = [0, 0];
  let [string, escaped] = [false, false];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (string) {
      if (escaped) escaped = false;
      else if (byte === 0x5c) escaped = true;
      else if (byte === QUOTE) string = false;
    } else if (byte === QUOTE) string = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (depth === base) begin = at;
      depth += 1;
    } else if (byte === 0x7d || byte === CLOSE) {
      depth -= 1;
      if (depth === base) values.push([begin, at + 1]);
      if (depth === 0) cut = at + 1;
    } else if (byte === COMMA && base === 1 && depth === 1) cut = at + 1;
  }
  return { values, cut };
}
