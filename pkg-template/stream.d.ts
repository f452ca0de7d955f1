import type { ClassifyOptions, Reading, ReportFields } from "./types.js";

// The names of the platform's streams where neither the DOM library nor Node's types are there.
declare global {
  interface ReadableStream<R> {}
  interface WritableStream<W> {}
}

export interface StreamOptions extends Pick<ClassifyOptions, "form" | "rules"> {
  /** Every line is a text of its own, whatever it says; a reply of several lines ("550-…") is one. */
  readonly lines?: boolean | undefined;
  /** So many bytes are read at once; 2097152 (2 MiB) if not given. Fewer give the first results earlier and take longer in all. */
  readonly portionBytes?: number | undefined;
  /** The longest record taken, in bytes; 67108864 (64 MiB) if not given. A longer one is the error `record-too-long`. */
  readonly maxBytes?: number | undefined;
}

/** One record of a stream. The places of `verdict.because` are bytes of the stream too. */
export interface StreamResult extends Reading {
  /** Its number among the results, from 0. */
  readonly index: number;
  /**
   * The bytes of the stream that hold it: the mail, or the line, row or JSON value that the words of the
   * verdict stand in. `null` where these were decoded from something else, or the stream is UTF-16.
   */
  readonly start: number | null;
  readonly end: number | null;
}

/** What `pipeThrough` takes: bytes in, results out. */
export interface ResultStream {
  readonly writable: WritableStream<Uint8Array>;
  readonly readable: ReadableStream<StreamResult>;
}

/**
 * Reads bytes while they arrive: replies and logs by lines, tables, JSON and NDJSON, mails and mailboxes,
 * each record once and whole however the bytes are cut. It gives what `records` gives for all of it, and
 * holds no more than a portion and its results. In browsers `await init()` comes first.
 *
 * @example
 * for await (const { verdict, start } of file.stream().pipeThrough(createStream())) console.log(start, verdict.reason);
 */
export function createStream(options?: StreamOptions): ResultStream;

/** Whether it says that there was nothing to read in a text. */
export function isNothing(record: Reading): boolean;

/** What a file is that begins so: some hundred bytes are enough. */
export function kindOf(head: Uint8Array): FileKind;

/** `text` can be read; `gzip` through `DecompressionStream`; the others are for other programs. */
export type FileKind = "text" | "gzip" | "zip" | "7z" | "rar" | "xz" | "zst" | "bz2" | "pst" | "msg" | "pdf" | "binary";

export interface RowOptions {
  /** When the file was last changed: of a time without a year it is the latest one before. Without it such a time is none. */
  readonly near?: Date | number | undefined;
  /** Gives the same string for equal ones, so that many rows hold it once. */
  readonly once?: ((text: string) => string) | undefined;
}

/** A row of a report, with what `decide` looks at; it holds on to nothing else of the record. */
export interface RecordRow extends ReportFields {
  readonly time: number | null;
  readonly recipient: string | null;
  readonly campaign: string | null;
  readonly message: string | null;
  readonly confidence: number;
  readonly code: number | null;
}

/** What a report counts of a record; `null` where the server that wrote the log refused the mail itself. */
export function rowOf(record: Reading, options?: RowOptions): RecordRow | null;
