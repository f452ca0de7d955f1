// One instance of the wasm, and the crossing into it: text is encoded straight into its memory, and
// numbers are read straight out of it.

import { BatchResult, COLUMNS } from "./batch.js";
import { Reader } from "./decode.js";
import { failure, named } from "./error.js";
import { glue } from "./glue.js";
import { isBytes, Room } from "./room.js";

/** A batch crosses the border in portions of about this size. */
const PORTION_BYTES = 2 * 1024 * 1024;
const PORTION_TEXTS = 16384;

// The flags of `classify`.
const ALL = 1;
const IS_STRING = 2;
const NOTICES = 4;
const OWN_RULES = 8;

export class Engine {
  #wasm;
  #room;
  /** The user's own, while a call is under way. */
  #rules;

  constructor(module) {
    // The wasm asks this for each reply it reads.
    const askOwnRules = (...question) => this.#rules.ask(this.#wasm.memory, ...question);
    this.#wasm = glue(askOwnRules).initSync({ module });
    this.#room = new Room(this.#wasm);
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
    const length = this.#room.put(input, 0, settings.maxBytes);
    const at = this.#wasm.outline(length, settings.form, typeof input === "string" ? IS_STRING : 0);
    const answer = JSON.parse(this.#room.answer(at));
    this.#room.shrink();
    return answer;
  }

  batch(inputs, settings) {
    const texts = Array.isArray(inputs) ? new Strings(inputs) : new Slices(inputs);
    const result = new BatchResult(texts.length);
    for (let from = 0; from < texts.length; ) {
      const offsets = [0];
      let count = 0;
      while (count < PORTION_TEXTS && from + count < texts.length && offsets[count] < PORTION_BYTES) {
        offsets.push(offsets[count] + this.#room.put(texts.get(from + count), offsets[count], settings.maxBytes));
        count += 1;
      }
      const table = this.#wasm.offsets(offsets.length) >>> 0;
      new Uint32Array(this.#wasm.memory.buffer, table, offsets.length).set(offsets);
      const addresses = this.#wasm.classify_batch(settings.form, this.#own(settings)) >>> 0;
      const { buffer } = this.#wasm.memory;
      const starts = new Uint32Array(buffer, addresses, COLUMNS.length);
      COLUMNS.forEach(([name, Column], i) => result.columns[name].set(new Column(buffer, starts[i], count), from));
      from += count;
      this.#room.shrink();
    }
    return result;
  }

  /** The flag that there are rules of the user's own. */
  #own({ rules }) {
    this.#rules = rules;
    return rules === undefined ? 0 : OWN_RULES;
  }

  /** Classifies and gives a reader at the first verdict. */
  #open(input, settings, flags) {
    const isString = typeof input === "string";
    const length = this.#room.put(input, 0, settings.maxBytes);
    const at = this.#wasm.classify(length, settings.form, (isString ? flags | IS_STRING : flags) | this.#own(settings)) >>> 2;
    // Only the input's room is given back: the words stay where they are until the next call. But the memory
    // may grow by it, and views of the words that were taken before would then be empty.
    this.#room.shrink();
    const { words } = this.#room;
    const own = this.#room.text(words[at + 1], words[at + 2]);
    const reader = new Reader(words, at + 3, isString ? input : null, own, settings.rules?.rules);
    reader.count = words[at];
    return reader;
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
