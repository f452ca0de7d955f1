// A file as a stream of text in bytes, whether it was packed or is UTF-16; or why it cannot be read.

/** What a file begins with when it is no text: its name for people. */
const KINDS = [
  ["zip", [0x50, 0x4b, 0x03, 0x04]],
  ["7z", [0x37, 0x7a, 0xbc, 0xaf]],
  ["rar", [0x52, 0x61, 0x72, 0x21]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
  ["zst", [0x28, 0xb5, 0x2f, 0xfd]],
  ["bz2", [0x42, 0x5a, 0x68]],
  ["pst", [0x21, 0x42, 0x44, 0x4e]],
  ["msg", [0xd0, 0xcf, 0x11, 0xe0]],
  ["pdf", [0x25, 0x50, 0x44, 0x46]],
];
const PACKED = ["zip", "7z", "rar", "xz", "zst", "bz2"];
const GZIP = [0x1f, 0x8b];

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
  const packed = begins(await beginning(file), GZIP);
  const start = packed ? await beginning(file, new DecompressionStream("gzip")) : await beginning(file);
  if (start.length === 0) throw new Unreadable(packed ? "damaged" : "empty");
  const kind = KINDS.find(([, mark]) => begins(start, mark))?.[0];
  if (kind) throw new Unreadable(PACKED.includes(kind) ? "packed" : "kind", kind);
  const wide = begins(start, [0xff, 0xfe]) ? "utf-16le" : begins(start, [0xfe, 0xff]) ? "utf-16be" : null;
  if (!wide && start.includes(0)) throw new Unreadable("binary");

  let stream = file.stream().pipeThrough(counting(arrived));
  if (packed) stream = stream.pipeThrough(new DecompressionStream("gzip"));
  if (wide) stream = stream.pipeThrough(new TextDecoderStream(wide)).pipeThrough(new TextEncoderStream());
  return stream;
}

const begins = (bytes, mark) => mark.every((byte, index) => bytes[index] === byte);

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
