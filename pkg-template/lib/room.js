// The scratch in the memory of one wasm, where texts are written before they are read.

import { failure, named } from "./error.js";

const encoder = /* @__PURE__ */ new TextEncoder();
// A byte order mark inside the text is text: the offsets count it.
const decoder = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** The scratch that is kept between calls; what a longer text needs is given back after it. */
const ROOM = 96 * 1024;

export const isBytes = (input) => ArrayBuffer.isView(input) && input.BYTES_PER_ELEMENT === 1;

/** The bytes of a view of whatever kind. */
function plain({ buffer, byteOffset, byteLength }) {
  try {
    return new Uint8Array(buffer, byteOffset, byteLength);
  } catch (error) {
    throw failure("bad-input", "the bytes of the input are gone: their buffer was sent elsewhere", error);
  }
}

function tooLarge(limit) {
  return failure("input-too-large", `the input is larger than ${limit} bytes; option \`maxBytes\` sets the limit`);
}

export class Room {
  #wasm;
  #capacity = 0;
  #at = 0;
  #scratch = new Uint8Array(0);
  #words = new Uint32Array(0);

  constructor(wasm) {
    this.#wasm = wasm;
    this.#reserve(ROOM);
  }

  /** The whole memory as words, as it is now. */
  get words() {
    this.#look();
    return this.#words;
  }

  /** The text between two addresses. */
  text(start, length) {
    return length === 0 ? "" : decoder.decode(new Uint8Array(this.words.buffer, start, length));
  }

  /** The text whose address and length stand at an address. */
  answer(address) {
    const at = address >>> 2;
    return this.text(this.words[at], this.words[at + 1]);
  }

  /** Writes a text into the scratch at an offset; gives its length in bytes. */
  put(input, offset, limit) {
    if (typeof input === "string") return this.#putString(input, offset, limit);
    if (!isBytes(input)) {
      throw failure("bad-input", `the input must be a string or a Uint8Array, not ${named(input)}`);
    }
    const bytes = plain(input);
    if (bytes.length > limit) throw tooLarge(limit);
    this.#reserve(offset + bytes.length);
    this.#scratch.set(bytes, offset);
    return bytes.length;
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

  /** Gives back what a long text needed; what the engine answered stays where it is. */
  shrink() {
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
