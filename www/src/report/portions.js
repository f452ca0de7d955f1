// A file of any length in portions that end where a record ends, so that it can be read while it
// arrives. What a portion needs of those before it (the header of a table, the sender of a mail in a
// log) is put before it, and the records that this beginning gives by itself are left out again.

/** A portion is about this long: reading one takes a moment, not a second. */
const PORTION = 2 * 1024 * 1024;
/** A record that is longer is not read. */
export const LONGEST = 64 * 1024 * 1024;
/** So many lines show how a table or log is laid out; the engine looks at no more of them. */
const HEAD_LINES = 64;

const NEWLINE = 10;
const encoder = new TextEncoder();

/**
 * @typedef {object} Portion
 * @property {Uint8Array | string} input mails as bytes, since each has charsets of its own; all else as text
 * @property {string} before of the input: what was read already and only helps
 */

/**
 * @param {AsyncIterable<Uint8Array>} chunks
 * @param {(head: Uint8Array) => string} formOf asks the engine what a beginning is
 * @returns {AsyncGenerator<Portion>}
 */
export async function* portions(chunks, formOf) {
  let held = [];
  let length = 0;
  let layout;
  let looked = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length < Math.max(PORTION, looked)) continue;
    const bytes = join(held, length);
    layout ??= layoutOf(bytes, formOf);
    const cut = layout.cut(bytes);
    if (cut > 0) yield layout.portion(bytes.subarray(0, cut), false);
    // Copied, so that what was read already can be let go.
    const rest = bytes.slice(cut);
    if (cut === 0 && rest.length > LONGEST)
      throw Object.assign(new Error("a record too long"), { code: "record-too-long" });
    held = [rest];
    length = rest.length;
    // A record that is long already is looked at again when it has doubled.
    looked = cut === 0 ? Math.min(2 * length, LONGEST + 1) : 0;
  }
  if (length === 0) return;
  const bytes = join(held, length);
  if (layout) yield layout.portion(bytes, true);
  else yield { input: isMail(bytes, formOf) ? bytes : text(bytes), before: "" };
}

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

/** UTF-8, or else windows-1252, which never fails. */
function text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

const MAILS = ["mail", "dsn", "ndr", "arf"];
const head = (bytes) => bytes.subarray(0, 64 * 1024);
const starts = (bytes, mark) => encoder.encode(mark).every((byte, index) => bytes[index] === byte);
const isMail = (bytes, formOf) => starts(bytes, "From ") || starts(bytes, MMDF) || MAILS.includes(formOf(head(bytes)));

function layoutOf(bytes, formOf) {
  if (starts(bytes, MMDF)) return new Mailbox(MMDF_END);
  if (starts(bytes, "From ")) return new Mailbox(MBOX_END);
  const first = bytes.find((byte) => byte > 32 && byte < 128);
  if (first === 0x5b || first === 0x7b) return new Json();
  const form = formOf(head(bytes));
  if (MAILS.includes(form)) return new Mailbox(MBOX_END);
  if (form === "csv") return new Table(bytes);
  return form === "log" ? new Log(bytes) : new Lines();
}

const MMDF = "\u0001\u0001\u0001\u0001";
/** Between two mails: where the first match of a mail's end is, the next mail begins after group 1. */
const MMDF_END = /(\n\u0001{4}\r?\n)\u0001{4}\r?\n/g;
const MBOX_END = /(\n\r?\n)From [^\n]{0,300}\d\d:\d\d[^\n]{0,100}\d{4}/g;

/** Many mails; they are cut before the last one that has begun. */
class Mailbox {
  constructor(end) {
    this.end = end;
  }

  cut(bytes) {
    // Bytes as letters, one for one.
    const letters = new TextDecoder("latin1").decode(bytes);
    let cut = 0;
    for (const found of letters.matchAll(this.end)) cut = found.index + found[1].length;
    return cut;
  }

  portion(bytes) {
    return { input: bytes, before: "" };
  }
}

/** Replies, one after the other; one of several lines stays whole. */
class Lines {
  cut(bytes) {
    for (let end = bytes.lastIndexOf(NEWLINE); end > 0; end = bytes.lastIndexOf(NEWLINE, end - 1)) {
      const start = bytes.lastIndexOf(NEWLINE, end - 1) + 1;
      // "450-": the reply goes on.
      const goesOn = bytes[start] >= 0x32 && bytes[start] <= 0x35 && bytes[start + 3] === 0x2d;
      if (!goesOn) return end + 1;
    }
    return 0;
  }

  portion(bytes) {
    return { input: text(bytes), before: "" };
  }
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

  portion(bytes) {
    const own = text(bytes);
    const before = this.#used ? this.#head + this.#told(own) : "";
    this.#used = true;
    this.#learn(own);
    return { input: before + own, before };
  }

  #told(own) {
    const ids = new Set(Array.from(own.matchAll(DELIVERED), (found) => found[1] ?? found[2]));
    return Array.from(ids, (id) => this.#known.get(id) ?? "").join("");
  }

  #learn(own) {
    for (const found of own.matchAll(TOLD)) {
      const id = found[1] ?? found[2];
      const lines = (this.#known.get(id) ?? "").slice(-2000);
      this.#known.delete(id);
      this.#known.set(id, `${lines}${found[0]}\n`);
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

/** A table: its first rows show how every portion is laid out. */
class Table {
  #head;
  #used = false;

  constructor(bytes) {
    let quoted = false;
    this.#head = firstLines(bytes, (byte) => {
      if (byte === 0x22) quoted = !quoted;
      return byte === NEWLINE && !quoted;
    });
  }

  cut(bytes) {
    let quoted = false;
    let cut = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      if (bytes[at] === 0x22) quoted = !quoted;
      else if (bytes[at] === NEWLINE && !quoted) cut = at + 1;
    }
    // A quote that is never closed is a plain character.
    return cut > 0 ? cut : bytes.lastIndexOf(NEWLINE) + 1;
  }

  portion(bytes) {
    const before = this.#used ? this.#head : "";
    this.#used = true;
    return { input: before + text(bytes), before };
  }
}

function firstLines(bytes, ends) {
  let lines = 0;
  let at = 0;
  for (; at < bytes.length && lines < HEAD_LINES; at += 1) if (ends(bytes[at])) lines += 1;
  return text(bytes.subarray(0, at));
}

/** JSON, one value after the other or one long list. */
class Json {
  #depth = 0;
  #string = false;
  #escaped = false;
  #list;
  #begun = false;
  #seen = 0;
  #cut = 0;

  cut(bytes) {
    this.#list ??= bytes.find((byte) => byte > 32 && byte < 128) === 0x5b;
    for (let at = this.#seen; at < bytes.length; at += 1) this.#look(bytes[at], at);
    const cut = this.#cut;
    this.#seen = bytes.length - cut;
    this.#cut = 0;
    return cut;
  }

  #look(byte, at) {
    if (this.#string) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === 0x5c) this.#escaped = true;
      else if (byte === 0x22) this.#string = false;
    } else if (byte === 0x22) this.#string = true;
    else if (byte === 0x7b || byte === 0x5b) this.#depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      this.#depth -= 1;
      if (this.#depth === 0) this.#cut = at + 1;
    } else if (byte === 0x2c && this.#list && this.#depth === 1) this.#cut = at + 1;
  }

  portion(bytes, last) {
    const own = text(bytes);
    // What follows the last value of a list.
    if (/^[\s\]]*$/.test(own)) return { input: "", before: "" };
    const open = this.#begun && this.#list ? "[" : "";
    this.#begun = true;
    const close = this.#list && !last && /,\s*$/.test(own) ? "]" : "";
    return { input: open + (close ? own.replace(/,\s*$/, "") : own) + close, before: "" };
  }
}
