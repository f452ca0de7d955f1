// A file as a stream of text in bytes, whether it was packed or not; or why it cannot be read.

import { kindOf } from "bouncelens/stream";

const PACKED = ["zip", "7z", "rar", "xz", "zst", "bz2"];

/** An error that says why a file was not read: `why` is a key of the strings, `report.why.<why>`. */
export class Unreadable extends Error {
  constructor(why, what = "") {
    super(why);
    this.why = why;
    this.what = what;
  }
}

/**
 * @param {File} file
 * @param {(bytes: number) => void} arrived told how much of the file has been read
 * @returns {Promise<ReadableStream<Uint8Array>>}
 * @throws {Unreadable}
 */
export async function open(file, arrived) {
  if (file.size === 0) throw new Unreadable("empty");
  const packed = kindOf(await beginning(file)) === "gzip";
  const start = packed ? await beginning(file, new DecompressionStream("gzip")) : await beginning(file);
  if (start.length === 0) throw new Unreadable(packed ? "damaged" : "empty");
  const kind = kindOf(start);
  if (kind === "binary") throw new Unreadable("binary");
  if (kind !== "text") throw new Unreadable(PACKED.includes(kind) ? "packed" : "kind", kind);
  const stream = file.stream().pipeThrough(counting(arrived));
  return packed ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
}

/** The first bytes, unpacked on the way where that is asked for; nothing where unpacking fails at once. */
async function beginning(file, unpack) {
  const stream = file.slice(0, 64 * 1024).stream();
  const reader = (unpack ? stream.pipeThrough(unpack) : stream).getReader();
  try {
    const { value } = await reader.read();
    return (value ?? new Uint8Array(0)).subarray(0, 4096);
  } catch (error) {
    if (unpack) return new Uint8Array(0);
    throw error.name === "NotFoundError" || error.name === "NotReadableError" ? new Unreadable("gone") : error;
  } finally {
    reader.cancel().catch(() => {});
  }
}

function counting(arrived) {
  return new TransformStream({
    transform(chunk, controller) {
      arrived(chunk.length);
      controller.enqueue(chunk);
    },
  });
}
