// Threads that classify, and the line in which calls wait for them.

import { BatchResult, COLUMNS } from "./batch.js";
import { failure, named } from "./error.js";
import { readOptions } from "./options.js";
import { isBytes } from "./room.js";

const KNOWN = ["size", "timeout", "worker"];
/** So many calls lie with a thread: it takes the next one up while an answer travels. */
const DEPTH = 2;
/** A batch goes out in portions of about this size. */
const PORTION_TEXTS = 4096;
const PORTION_LETTERS = 1024 * 1024;

function checked(options, cores) {
  if (options === null || typeof options !== "object") throw failure("bad-option", `the options must be an object, not ${named(options)}`);
  for (const key of Object.keys(options)) {
    if (!KNOWN.includes(key)) throw failure("unknown-option", `unknown option \`${key}\`; known: ${KNOWN.join(", ")}`);
  }
  const { size = Math.min(8, Math.max(1, cores() - 1)), timeout = 30_000, worker } = options;
  if (!Number.isInteger(size) || size < 1 || size > 64) throw failure("bad-option", `option \`size\`: ${named(size)} is no whole number from 1 to 64`);
  if (!Number.isInteger(timeout) || timeout < 1) throw failure("bad-option", `option \`timeout\`: ${named(timeout)} is no number of milliseconds`);
  if (worker !== undefined && typeof worker !== "function") throw failure("bad-option", `option \`worker\` must be a function that makes a worker, not ${named(worker)}`);
  return { size, timeout, worker };
}

/**
 * @param {object} platform
 * @param {() => object} platform.start makes a worker
 * @param {(worker: object, told: (data: object) => void, died: (why: string) => void) => object} platform.link
 * @param {() => number} platform.cores
 */
export const bindPool = ({ start, link, cores }) => function createPool(options = {}) {
  const { size, timeout, worker } = checked(options, cores);
  return new Pool({ size, timeout, start: worker ?? start, link });
};

class Pool {
  #settings;
  #threads = new Set();
  /** Calls that no thread has taken yet, the oldest first. */
  #line = new Set();
  #waiters = [];
  #closed = false;
  #last = 0;

  constructor(settings) {
    this.#settings = settings;
  }

  /** How many threads there may be. */
  get size() {
    return this.#settings.size;
  }

  /** How many calls have no answer yet. */
  get pending() {
    let sum = this.#line.size;
    for (const thread of this.#threads) sum += thread.calls.size;
    return sum;
  }

  async classifyAll(input, options) {
    const { signal, settings } = split(options, ["signal"]);
    if (typeof input !== "string" && !isBytes(input)) throw failure("bad-input", `the input must be a string or a Uint8Array, not ${named(input)}`);
    return (await this.#ask({ ask: "classifyAll", input, options: settings }, [], signal)).verdicts;
  }

  async classifyBatch(inputs, options) {
    const { signal, progress, settings } = split(options, ["signal", "progress"]);
    const texts = portionsOf(inputs);
    const stop = new AbortController();
    const flying = new Set();
    const parts = [];
    let [sent, done] = [0, 0];
    const send = async ({ message, transfer, count }) => {
      const place = parts.length;
      parts.push(undefined);
      sent += count;
      const { columns } = await this.#ask({ ask: "classifyBatch", ...message, options: settings }, transfer, stop.signal);
      parts[place] = columns;
      done += count;
      progress?.({ done, total: texts.total });
    };
    // Rejects even while the caller's texts do not come.
    let abort;
    const aborted = new Promise((_, reject) => {
      abort = () => {
        stop.abort(signal.reason);
        reject(signal.reason);
      };
    });
    aborted.catch(() => {});
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    const all = async () => {
      for await (const portion of texts) {
        stop.signal.throwIfAborted();
        const answer = send(portion).finally(() => flying.delete(answer));
        // Heard below; this keeps the platform from calling it unheard.
        answer.catch(() => {});
        flying.add(answer);
        // What is not taken yet is not read yet either.
        while (flying.size >= this.size * DEPTH) await Promise.race(flying);
      }
      await Promise.all(flying);
    };
    try {
      await Promise.race([aborted, all()]);
    } catch (error) {
      stop.abort(error);
      throw error;
    } finally {
      signal?.removeEventListener("abort", abort);
    }
    return joined(parts, sent);
  }

  /** Waits until a call would be taken up at once. */
  async room() {
    while (!this.#closed && this.pending >= this.size * DEPTH) await new Promise((free) => this.#waiters.push(free));
  }

  async close() {
    this.#closed = true;
    const error = failure("pool-closed", "the pool was closed");
    const ends = [...this.#threads].map((thread) => this.#end(thread, error));
    for (const call of this.#line) call.reject(error);
    this.#line.clear();
    this.#wake();
    await Promise.all(ends);
  }

  #ask(message, transfer, signal) {
    if (this.#closed) return Promise.reject(failure("pool-closed", "the pool was closed"));
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const call = { id: ++this.#last, message, transfer };
      // A thread that is at it goes on, and nobody listens.
      const abort = () => {
        this.#line.delete(call);
        reject(signal.reason);
      };
      const settle = (how) => (value) => {
        signal?.removeEventListener("abort", abort);
        how(value);
      };
      call.resolve = settle(resolve);
      call.reject = settle(reject);
      signal?.addEventListener("abort", abort, { once: true });
      this.#line.add(call);
      this.#hand();
    });
  }

  /** Hands calls that wait to threads that have room. */
  #hand() {
    for (const call of this.#line) {
      const thread = this.#next();
      if (thread === undefined) return;
      this.#line.delete(call);
      thread.calls.set(call.id, call);
      thread.hold(true);
      try {
        thread.post({ id: call.id, ...call.message }, call.transfer);
      } catch (error) {
        this.#settle(thread, call.id, "reject", failure("bad-input", `it cannot be sent to a worker: ${error.message}`, error));
      }
    }
  }

  /** The thread that has least to do; a new one where all have something and there may be more. */
  #next() {
    let best;
    for (const thread of this.#threads) if (best === undefined || thread.calls.size < best.calls.size) best = thread;
    if ((best === undefined || best.calls.size > 0) && this.#threads.size < this.size) best = this.#start() ?? best;
    return best !== undefined && best.calls.size < DEPTH ? best : undefined;
  }

  #start() {
    const { start, link, timeout } = this.#settings;
    const thread = { calls: new Map(), ready: false };
    try {
      Object.assign(thread, link(start(), (data) => this.#told(thread, data), (why) => this.#died(thread, why)));
    } catch (error) {
      this.#refuse(failure("worker-failed", `the worker did not start: ${error.message}`, error));
      return undefined;
    }
    // Until it says that it is ready nobody knows whether it will.
    thread.timer = setTimeout(() => this.#died(thread, `it was not ready within ${timeout} ms`), timeout);
    this.#threads.add(thread);
    return thread;
  }

  #told(thread, { ready, failed, id, error, ...answer }) {
    if (ready || failed) clearTimeout(thread.timer);
    if (ready) thread.ready = true;
    else if (failed) this.#died(thread, failed.message);
    else if (error) this.#settle(thread, id, "reject", failure(error.code ?? "internal", error.message));
    else this.#settle(thread, id, "resolve", answer);
  }

  #settle(thread, id, how, value) {
    const call = thread.calls.get(id);
    if (call === undefined) return;
    thread.calls.delete(id);
    if (thread.calls.size === 0) thread.hold(false);
    call[how](value);
    this.#hand();
    this.#wake();
  }

  #died(thread, why) {
    if (!this.#threads.has(thread)) return;
    const begun = thread.ready;
    const error = begun ? failure("worker-died", `the worker died: ${why}`) : failure("worker-failed", `the worker did not start: ${why}`);
    this.#end(thread, error);
    // One that never began would not begin a second time either.
    if (!begun) this.#refuse(error);
    this.#hand();
    this.#wake();
  }

  /** What waits has no thread to wait for. */
  #refuse(error) {
    if (this.#threads.size > 0) return;
    for (const call of this.#line) call.reject(error);
    this.#line.clear();
  }

  #end(thread, error) {
    clearTimeout(thread.timer);
    this.#threads.delete(thread);
    for (const call of thread.calls.values()) call.reject(error);
    thread.calls.clear();
    return thread.end();
  }

  #wake() {
    for (const free of this.#waiters.splice(0)) free();
  }
}

/** The pool's own options, and the engine's, checked. */
function split(options = {}, own) {
  if (options === null || typeof options !== "object") throw failure("bad-option", `the options must be an object, not ${named(options)}`);
  const settings = { ...options };
  const mine = {};
  for (const name of own) {
    mine[name] = settings[name];
    delete settings[name];
  }
  readOptions(settings);
  if (mine.progress !== undefined && typeof mine.progress !== "function") throw failure("bad-option", `option \`progress\` must be a function, not ${named(mine.progress)}`);
  if (mine.signal !== undefined && typeof mine.signal?.addEventListener !== "function") throw failure("bad-option", `option \`signal\` must be an AbortSignal, not ${named(mine.signal)}`);
  // A thread makes them anew.
  if (settings.rules !== undefined) settings.rules = settings.rules.portable();
  return { ...mine, settings };
}

/** The texts in portions, each with what travels; `total` where it is known. */
function portionsOf(inputs) {
  if (isBytes(inputs?.bytes)) return slices(inputs);
  const some = typeof inputs !== "string" && (inputs?.[Symbol.iterator] ?? inputs?.[Symbol.asyncIterator]);
  if (!some) throw failure("bad-input", "a batch must be texts, one after the other, or `{ bytes, offsets }`");
  return { total: Array.isArray(inputs) ? inputs.length : null, [Symbol.asyncIterator]: () => strings(inputs) };
}

async function* strings(inputs) {
  let held = [];
  let letters = 0;
  let index = 0;
  for await (const text of inputs) {
    if (typeof text !== "string") throw failure("bad-input", `input ${index} of the batch must be a string, not ${named(text)}`);
    held.push(text);
    letters += text.length;
    index += 1;
    if (held.length < PORTION_TEXTS && letters < PORTION_LETTERS) continue;
    yield { message: { inputs: held }, transfer: [], count: held.length };
    held = [];
    letters = 0;
  }
  if (held.length > 0) yield { message: { inputs: held }, transfer: [], count: held.length };
}

function slices({ bytes, offsets }) {
  if (!(Array.isArray(offsets) || ArrayBuffer.isView(offsets))) throw failure("bad-input", "a batch must be texts, one after the other, or `{ bytes, offsets }`");
  for (let i = 0; i < offsets.length; i += 1) {
    const from = i === 0 ? 0 : offsets[i - 1];
    if (!(Number.isInteger(offsets[i]) && offsets[i] >= from && offsets[i] <= bytes.byteLength)) {
      throw failure("bad-input", `offset ${i} of the batch does not lie between the one before it and the end`);
    }
  }
  const total = Math.max(0, offsets.length - 1);
  return {
    total,
    *[Symbol.iterator]() {
      for (let from = 0; from < total; ) {
        let to = from + 1;
        while (to < total && to - from < PORTION_TEXTS && offsets[to] - offsets[from] < PORTION_LETTERS) to += 1;
        // The caller keeps the bytes: these are a copy, which travels.
        const own = new Uint8Array(bytes.subarray(offsets[from], offsets[to]));
        const moved = Uint32Array.from({ length: to - from + 1 }, (_, i) => offsets[from + i] - offsets[from]);
        yield { message: { inputs: { bytes: own, offsets: moved } }, transfer: [own.buffer, moved.buffer], count: to - from };
        from = to;
      }
    },
  };
}

function joined(parts, length) {
  const result = new BatchResult(length);
  for (const [name] of COLUMNS) {
    let at = 0;
    for (const columns of parts) {
      result.columns[name].set(columns[name], at);
      at += columns[name].length;
    }
  }
  return result;
}
