import type { BatchResult, ByteTexts, ClassifyOptions, Verdict } from "./types.js";

export interface PoolOptions {
  /** How many threads there may be, 1 to 64: one less than the processor has, and at most 8, if not given. They start when they are needed. */
  readonly size?: number | undefined;
  /** Milliseconds that a thread may take until it is ready; 30000 if not given. */
  readonly timeout?: number | undefined;
  /**
   * Makes a worker, where the package's own way does not fit: under Trusted Types, or with a bundler that does not
   * know `new Worker(new URL(…))`. Its script is one's own module with `import "bouncelens/worker/thread"`.
   */
  readonly worker?: (() => object) | undefined;
}

/** An `AbortSignal`, in the words of any TypeScript. */
export interface SignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

export interface CallOptions extends ClassifyOptions {
  /** The promise is rejected with its reason. What a thread is at already it ends; nobody listens. */
  readonly signal?: SignalLike | undefined;
}

export interface BatchCallOptions extends CallOptions {
  /** Told after each portion: how many texts are done, and of how many, where that is known. */
  readonly progress?: ((progress: { readonly done: number; readonly total: number | null }) => void) | undefined;
}

/** Threads that classify. */
export interface Pool {
  /** How many threads there may be. */
  readonly size: number;
  /** How many calls have no answer yet. */
  readonly pending: number;
  /** As `classifyAll` of the package. */
  classifyAll(input: string | Uint8Array, options?: CallOptions): Promise<Verdict[]>;
  /**
   * As `classifyBatch` of the package, in portions on all threads; rows are in the order of the texts. Of an iterable
   * no more is taken than the threads can take.
   */
  classifyBatch(inputs: Iterable<string> | AsyncIterable<string> | ByteTexts, options?: BatchCallOptions): Promise<BatchResult>;
  /** Waits until a call would be taken up at once: `await pool.room()` before each one keeps a long line from growing. */
  room(): Promise<void>;
  /** Ends the threads. What has no answer yet is rejected with `pool-closed`. */
  close(): Promise<void>;
}

/**
 * Classifies in threads: module workers in browsers, `node:worker_threads` elsewhere. A thread that dies takes the calls with
 * it that it had (`worker-died`), and another takes its place; one that does not start rejects what waits (`worker-failed`).
 *
 * @example
 * const pool = createPool();
 * const rows = await pool.classifyBatch(replies, { progress: ({ done }) => console.log(done) });
 * await pool.close();
 */
export function createPool(options?: PoolOptions): Pool;
