// A stream of bytes as a stream of records: what was read, what it means, and where it stands.

import { failure, named } from "./error.js";
import { readOptions } from "./options.js";
import { LONGEST, PORTION, portions } from "./portions.js";
import { isNothing } from "./rows.js";
import { isBytes } from "./room.js";

const KNOWN = ["form", "lines", "portionBytes", "maxBytes", "rules"];
/** The most that the engine takes: a record, and what was read before and helps. */
const CEILING = 1024 * 1024 * 1024;

function checked(options) {
  if (options === null || typeof options !== "object") throw failure("bad-option", `the options must be an object, not ${named(options)}`);
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) throw failure("unknown-option", `unknown option \`${key}\`; known: ${KNOWN.join(", ")}`);
  }
  const { form, rules, lines = false, portionBytes = PORTION, maxBytes = LONGEST } = options;
  readOptions({ form, maxBytes, rules });
  if (!Number.isInteger(portionBytes) || portionBytes < 1 || portionBytes > LONGEST) {
    throw failure("bad-option", `option \`portionBytes\`: ${named(portionBytes)} is no whole number from 1 to ${LONGEST}`);
  }
  if (typeof lines !== "boolean") throw failure("bad-option", `option \`lines\` must be true or false, not ${named(lines)}`);
  return { lines, form, rules, size: portionBytes, longest: maxBytes };
}

/**
 * @param {(input: string | Uint8Array, options: object) => { notice: object, verdict: object }[]} records of the package
 * @returns {(options?: object) => { writable: WritableStream, readable: ReadableStream }}
 */
export function bindStream(records) {
  return function createStream(options = {}) {
    const settings = checked(options);
    const { readable, writable } = new TransformStream();
    const reader = readable.getReader();
    const results = read(reader, settings, records);
    return {
      writable,
      // Pulled, so that a portion is read only when the results of the one before it are gone.
      readable: new ReadableStream({
        async pull(controller) {
          try {
            const { done, value } = await results.next();
            if (done) controller.close();
            else controller.enqueue(value);
          } catch (error) {
            // Whoever writes is told, too.
            reader.cancel(error).catch(() => {});
            throw error;
          }
        },
        cancel: (reason) => reader.cancel(reason),
      }, { highWaterMark: 0 }),
    };
  };
}

/** The results of a stream, one after the other. */
async function* read(reader, settings, records) {
  const options = { form: settings.form, rules: settings.rules, maxBytes: CEILING };
  const formOf = (head) => records(head, options)[0].verdict.form;
  const text = { wide: false };
  let index = 0;
  let nothing;
  for await (const pieces of portions(chunksOf(reader, text), { ...settings, formOf })) {
    for (const piece of pieces) {
      for (const record of recordsOf(piece, options, records)) {
        const placed = { index, ...place(record, piece, text.wide) };
        if (isNothing(record)) {
          nothing ??= placed;
          continue;
        }
        yield placed;
        index += 1;
      }
    }
  }
  // As `classifyAll`, a text in which there is nothing gives one verdict that says so.
  if (index === 0 && nothing !== undefined) yield nothing;
}

/** The records of a piece without those that what stands before it gives by itself. */
function recordsOf({ input, before, again }, options, records) {
  const all = records(input, options);
  return before === 0 || !again ? all : all.slice(records(input.slice(0, before), options).filter((record) => !isNothing(record)).length);
}

/** A record with its place: that of the mail, or of the line, row or value that its words stand in. */
function place({ notice, verdict }, { before, start, record }, wide) {
  let at = null;
  for (const link of verdict.because) {
    if (link.start === null) continue;
    const from = link.start - before;
    if (wide || from < 0) {
      link.start = link.end = null;
      continue;
    }
    if (link.role === "supports") at ??= from;
    link.end += start - before;
    link.start = start + from;
  }
  const found = wide ? null : record(at);
  return { start: found === null ? null : start + found[0], end: found === null ? null : start + found[1], notice, verdict };
}

/** The chunks as they come; a text in UTF-16 as UTF-8. */
async function* chunksOf(reader, text) {
  let first = new Uint8Array(0);
  let decoder;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!isBytes(value)) throw failure("bad-input", `a chunk must be a Uint8Array, not ${named(value)}`);
    let chunk = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    if (first !== undefined) {
      chunk = joined(first, chunk);
      first = chunk;
      if (chunk.length < 2) continue;
      first = undefined;
      decoder = wideDecoder(chunk);
      text.wide = decoder !== undefined;
    }
    yield decoder === undefined ? chunk : encoder.encode(decoder.decode(chunk, { stream: true }));
  }
  if (first?.length > 0) yield first;
  if (decoder !== undefined) yield encoder.encode(decoder.decode());
}

const encoder = /* @__PURE__ */ new TextEncoder();

function joined(first, second) {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** Of a text that begins with the mark of UTF-16. */
function wideDecoder([first, second]) {
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le");
  return first === 0xfe && second === 0xff ? new TextDecoder("utf-16be") : undefined;
}
