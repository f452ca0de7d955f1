// Files, folders and the standard input, as bytes and as records.

import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { createStream, kindOf } from "../stream.inline.js";

/** Why something cannot be read, in words for people. */
class Unreadable extends Error {}

const PACKED = ["gzip", "zip", "7z", "rar", "xz", "zst", "bz2"];
/** So many bytes tell what a file is. */
const HEAD = 512;

/**
 * @typedef {object} Input
 * @property {string} path as the user would name it
 * @property {number} size in bytes; 0 where it is not known
 * @property {number} changed epoch milliseconds
 */

/**
 * The files that are meant, folders opened, in the order of their names.
 *
 * @param {string[]} paths
 * @param {(path: string, why: string) => void} miss
 * @returns {Promise<Input[]>}
 */
export async function inputsOf(paths, miss) {
  const found = [];
  for (const path of paths) await look(path, found, miss);
  return found;
}

async function look(path, found, miss) {
  if (path === "-") return found.push({ path, size: 0, changed: Date.now() });
  try {
    const { size, mtimeMs } = await stat(path).then((what) => (what.isDirectory() ? { size: -1 } : what));
    if (size >= 0) return found.push({ path, size, changed: mtimeMs });
    const entries = await readdir(path, { withFileTypes: true });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      // What is hidden was not meant, and a link to a folder may lead back to it.
      if (entry.name.startsWith(".")) continue;
      if (entry.isSymbolicLink() && (await isFolder(join(path, entry.name)))) continue;
      await look(join(path, entry.name), found, miss);
    }
  } catch (error) {
    miss(path, whyNot(error));
  }
}

/** The name of a file; `null` for the standard input. */
export const nameOf = ({ path }) => (path === "-" ? null : path);

const isFolder = (path) => stat(path).then((what) => what.isDirectory(), () => false);

/**
 * The records of one input after the other.
 *
 * @param {Input[]} inputs
 * @param {object} reading what `createStream` takes
 * @param {(input: Input, bytes: number) => void} arrived
 * @param {(path: string, why: string) => void} miss
 */
export async function* records(inputs, reading, arrived, miss) {
  for (const input of inputs) {
    try {
      const stream = ReadableStream.from(bytes(input, arrived)).pipeThrough(createStream(reading));
      for await (const result of stream) yield { input, result };
    } catch (error) {
      miss(input.path, whyNot(error));
    }
  }
}

/** The bytes of an input, unpacked where they are packed. */
export async function* bytes(input, arrived) {
  const source = input.path === "-" ? process.stdin : createReadStream(input.path);
  const [head, rest] = await beginning(counted(source, input, arrived));
  if (head.length === 0) throw new Unreadable("empty");
  if (kindOf(head) !== "gzip") {
    yield* text(head, rest);
    return;
  }
  // Its errors come out of the one that is read.
  const unpacked = pipeline(Readable.from(rest), createGunzip(), () => {});
  const [first, more] = await beginning(unpacked);
  if (first.length === 0) throw new Unreadable("empty");
  yield* text(first, more);
}

async function* text(head, rest) {
  const kind = kindOf(head);
  if (PACKED.includes(kind)) throw new Unreadable(`it is packed (${kind}): unpack it first`);
  if (kind !== "text") throw new Unreadable(kind === "binary" ? "it is no text" : `it is no text (${kind})`);
  yield* rest;
}

async function* counted(source, input, arrived) {
  for await (const chunk of source) {
    arrived(input, chunk.length);
    yield chunk;
  }
}

/** The first bytes, and all of them again. */
async function beginning(chunks) {
  const iterator = chunks[Symbol.asyncIterator]();
  const held = [];
  let length = 0;
  while (length < HEAD) {
    const { done, value } = await iterator.next();
    if (done) break;
    held.push(value);
    length += value.length;
  }
  async function* all() {
    try {
      yield* held;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return [Buffer.concat(held), all()];
}

const WHY = {
  ENOENT: "there is no such file",
  EACCES: "it may not be read",
  EPERM: "it may not be read",
  ELOOP: "its links go in a circle",
  Z_BUF_ERROR: "it ends in the middle of its packed data",
  Z_DATA_ERROR: "its packed data is damaged",
};

/** Why something was not read; defects of ours are thrown on. */
export function whyNot(error) {
  if (error instanceof Unreadable || error.code === "record-too-long" || error.code === "input-too-large") return error.message;
  if (Object.hasOwn(WHY, error.code)) return WHY[error.code];
  if (error.syscall !== undefined || /^Z_/.test(error.code)) return error.message;
  throw error;
}
