import type {
  Advice,
  Advisable,
  BatchResult,
  ByteTexts,
  CategoryInfo,
  ClassifyOptions,
  Explanation,
  ReasonInfo,
  Verdict,
  WasmSource,
} from "./types.js";

export type * from "./types.js";

/**
 * Loads the wasm. Needed once in browsers, harmless everywhere; may be called again, also after a
 * failure. Without a source it takes the one that belongs to the package.
 *
 * @example
 * await init();
 */
export function init(source?: WasmSource | Promise<WasmSource>): Promise<void>;

/**
 * Reads anything that says a mail was not delivered: the first failed recipient or record.
 * Never throws for what the input says.
 *
 * @example
 * classify("550 5.1.1 <a@example.com>: User unknown").reason; // "user-unknown"
 */
export function classify(input: string | Uint8Array, options?: ClassifyOptions): Verdict;

/** As `classify`, one verdict for each recipient or record. */
export function classifyAll(input: string | Uint8Array, options?: ClassifyOptions): Verdict[];

/**
 * Classifies many texts at once: row `i` is the verdict of text `i`, in typed arrays.
 *
 * @example
 * const rows = classifyBatch(["452 4.2.2 Mailbox full", "550 5.1.1 User unknown"]);
 * for (const row of rows) console.log(row.type, row.reason);
 */
export function classifyBatch(inputs: readonly string[] | ByteTexts, options?: ClassifyOptions): BatchResult;

/** Shows every stage from the text to the verdict. */
export function explain(input: string | Uint8Array, options?: ClassifyOptions): Explanation;

/**
 * Says in words what a verdict means and what to do. `it-CH` falls back to `it`; what a language
 * lacks is in English. Needs no `init`.
 */
export function advise(verdict: Advisable, locale?: string): Advice;

/** The categories, in the order of `data/categories.toml`. */
export const categories: readonly CategoryInfo[];

/** The reasons, in the order of `data/reasons.toml`. */
export const reasons: readonly ReasonInfo[];

/** The languages of `advise`, such as "en". */
export const locales: readonly string[];
