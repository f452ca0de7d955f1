// One instance of the wasm, and the crossing into it: text is encoded straight into its memory, and
// numbers are read straight out of it.

import { BatchResult, COLUMNS } from "./batch.js";
import { Reader } from "./decode.js";
import { failure, named } from "./error.js";
import { glue } from "./glue.js";

const encoder = /* @__PURE__ */ new TextEncoder();
// A byte order mark inside the text is text: the offsets count it.
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** The scratch that is kept between calls; what a longer text needs is given back after it. */
const ROOM = 96 * 1024;
/** A batch crosses the border in portions of about this size. */
const PORTION_BYTES = 2 * 1024 * 1024;
const PORTION_TEXTS = 16384;

// The flags of `classify`.
const ALL = 1;
const IS_STRING = 2;
const NOTICES = 4;

export const isBytes = (input) => ArrayBuffer.isView(input) && input.BYTES_PER_ELEMENT === 1;

/** `NaN` and `Infinity` would become null, which means something else: they go as text and are refused. */
const plain = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? `${value}` : value);

function tooLarge(limit) {
  return failure("input-too-large", `the input is larger than ${limit} bytes; option \`maxBytes\` sets the limit`);
}

export class Engine {
  /** Nothing can be asked of it any more, and what was open in it is lost. */
  dead = false;
  #wasm;
  #capacity = 0;
  #at = 0;
  #scratch = new Uint8Array(0);
  #words = new Uint32Array(0);

  constructor(module) {
    this.#wasm = glue().initSync({ module });
    this.#reserve(ROOM);
  }

  classify(input, settings) {
    return this.#open(input, settings, 0).verdict();
  }

  classifyAll(input, settings) {
    const reader = this.#open(input, settings, ALL);
    return Array.from({ length: reader.count }, () => reader.verdict());
  }

  records(input, settings) {
    const reader = this.#open(input, settings, ALL | NOTICES);
    return Array.from({ length: reader.count }, () => {
      const verdict = reader.verdict();
      return { notice: reader.notice(), verdict };
    });
  }

  /** What the input was taken for and what became of its parts. */
  outline(input, settings) {
    const length = this.#put(input, 0, settings.maxBytes);
    const address = this.#wasm.outline(length, settings.form, typeof input === "string" ? IS_STRING : 0) >>> 0;
    const answer = this.#text(address >>> 2);
    this.#shrink();
    return JSON.parse(answer);
  }

  batch(inputs, settings) {
    const texts = Array.isArray(inputs) ? new Strings(inputs) : new Slices(inputs);
    const result = new BatchResult(texts.length);
    for (let from = 0; from < texts.length; ) {
      const offsets = [0];
      let count = 0;
      while (count < PORTION_TEXTS && from + count < texts.length && offsets[count] < PORTION_BYTES) {
        offsets.push(offsets[count] + this.#put(texts.get(from + count), offsets[count], settings.maxBytes));
        count += 1;
      }
      const table = this.#wasm.offsets(offsets.length) >>> 0;
      new Uint32Array(this.#wasm.memory.buffer, table, offsets.length).set(offsets);
      const addresses = this.#wasm.classify_batch(settings.form) >>> 0;
      const { buffer } = this.#wasm.memory;
      const starts = new Uint32Array(buffer, addresses, COLUMNS.length);
      COLUMNS.forEach(([name, Column], i) => result.columns[name].set(new Column(buffer, starts[i], count), from));
      from += count;
      this.#shrink();
    }
    return result;
  }

  /** Asks the desk: a question in JSON, an answer or an error in JSON. */
  ask(question) {
    const length = this.#putString(JSON.stringify(question, plain), 0, Infinity);
    const { answer, error } = JSON.parse(this.#text(this.#answer(length) >>> 2));
    this.#shrink();
    if (error !== undefined) throw failure(error.code, error.message);
    return answer;
  }

  /** The text whose address and length stand at this word. */
  #text(at) {
    this.#look();
    return decoder.decode(new Uint8Array(this.#words.buffer, this.#words[at], this.#words[at + 1]));
  }

  #answer(length) {
    try {
      return this.#wasm.ask(length) >>> 0;
    } catch (error) {
      this.dead = true;
      throw failure("internal", `bouncelens failed on this question, which is a defect; please report it: ${error}`, error);
    }
  }

  /** Classifies and gives a reader at the first verdict. */
  #open(input, settings, flags) {
    const isString = typeof input === "string";
    const length = this.#put(input, 0, settings.maxBytes);
    const address = this.#wasm.classify(length, settings.form, isString ? flags | IS_STRING : flags) >>> 0;
    this.#look();
    const at = address >>> 2;
    const ownStart = this.#words[at + 1];
    const ownLength = this.#words[at + 2];
    const own = ownLength === 0 ? "" : decoder.decode(new Uint8Array(this.#words.buffer, ownStart, ownLength));
    const reader = new Reader(this.#words, at + 3, isString ? input : null, own);
    reader.count = this.#words[at];
    // Only the input's room is given back: the words stay where they are until the next call.
    this.#shrink();
    return reader;
  }

  /** Writes a text into the scratch at an offset; gives its length in bytes. */
  #put(input, offset, limit) {
    if (typeof input === "string") return this.#putString(input, offset, limit);
    if (!isBytes(input)) {
      throw failure("bad-input", `the input must be a string or a Uint8Array, not ${named(input)}`);
    }
    if (input.byteLength > limit) throw tooLarge(limit);
    this.#reserve(offset + input.byteLength);
    this.#scratch.set(new Uint8Array(input.buffer, input.byteOffset, input.byteLength), offset);
    return input.byteLength;
  }

  #putString(input, offset, limit) {
    if (input.length > limit) throw tooLarge(limit);
    let read = 0;
    let written = 0;
    // Three bytes a unit is the most that UTF-8 needs; most mail needs one. So a long text gets
    // little more than its length at first.
    const most = 3 * input.length;
    this.#reserve(offset + (most <= ROOM ? most : input.length + (input.length >>> 3)));
    for (;;) {
      const room = offset + written === 0 ? this.#scratch : this.#scratch.subarray(offset + written);
      const step = encoder.encodeInto(read === 0 ? input : input.slice(read), room);
      read += step.read;
      written += step.written;
      if (written > limit) throw tooLarge(limit);
      if (read === input.length) return written;
      this.#reserve(offset + written + 3 * (input.length - read));
    }
  }

  /** Makes room; what stands in the scratch stays. */
  #reserve(bytes) {
    if (bytes > this.#capacity) {
      const capacity = Math.max(bytes, ROOM);
      this.#at = this.#wasm.reserve(capacity) >>> 0;
      this.#capacity = capacity;
      this.#scratch = new Uint8Array(0);
    }
    this.#look();
  }

  #shrink() {
    if (this.#capacity <= 8 * ROOM) return;
    this.#at = this.#wasm.shrink(ROOM) >>> 0;
    this.#capacity = ROOM;
    this.#scratch = new Uint8Array(0);
    this.#look();
  }

  /** Memory that grows leaves its old views behind, empty: takes new ones. */
  #look() {
    if (this.#scratch.length > 0 && this.#words.length > 0) return;
    const { buffer } = this.#wasm.memory;
    this.#scratch = new Uint8Array(buffer, this.#at, this.#capacity);
    this.#words = new Uint32Array(buffer);
  }
}

/** A list of strings. */
class Strings {
  constructor(inputs) {
    this.inputs = inputs;
    this.length = inputs.length;
  }

  get(index) {
    const input = this.inputs[index];
    if (typeof input !== "string") {
      throw failure("bad-input", `input ${index} of the batch must be a string, not ${named(input)}`);
    }
    return input;
  }
}

/** One run of bytes and where each text begins. */
class Slices {
  constructor(inputs) {
    const { bytes, offsets } = inputs ?? {};
    if (!isBytes(bytes) || !(Array.isArray(offsets) || ArrayBuffer.isView(offsets))) {
      throw failure("bad-input", "a batch must be an array of strings or `{ bytes, offsets }`");
    }
    for (let i = 0; i < offsets.length; i += 1) {
      const from = i === 0 ? 0 : offsets[i - 1];
      if (!(Number.isInteger(offsets[i]) && offsets[i] >= from && offsets[i] <= bytes.byteLength)) {
        throw failure("bad-input", `offset ${i} of the batch does not lie between the one before it and the end`);
      }
    }
    this.bytes = bytes;
    this.offsets = offsets;
    this.length = Math.max(0, offsets.length - 1);
  }

  get(index) {
    return this.bytes.subarray(this.offsets[index], this.offsets[index + 1]);
  }
}
