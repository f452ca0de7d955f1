import type {
  Advice,
  Advisable,
  AdviseOptions,
  BatchResult,
  ByteTexts,
  CategoryInfo,
  ClassifyOptions,
  DecideOptions,
  Decision,
  Explanation,
  Happening,
  InitOptions,
  Ledger,
  LedgerEvent,
  Policy,
  PolicyInfo,
  Reading,
  ReasonInfo,
  Replay,
  Report,
  ReportOptions,
  ReportRow,
  SuppressionEntry,
  Verdict,
  WasmSource,
} from "./types.js";

export type * from "./types.js";

/**
 * Loads the wasm. Needed once in browsers, harmless everywhere; may be called again, also after a
 * failure. Without a source it takes what belongs to the package.
 *
 * There are two files: bouncelens.wasm reads bounces; desk.wasm decides, keeps ledgers and lists, and
 * counts. Whoever gives the one gives the other too, as `desk`. `desk: false` leaves it out, until `init`
 * is called again without.
 *
 * @example
 * await init();
 * await init(undefined, { desk: false }); // only to classify and to advise: some 65 KB less to load
 * await init("/assets/bouncelens.wasm", { desk: "/assets/desk.wasm" });
 */
export function init(source?: WasmSource | Promise<WasmSource>, options?: InitOptions): Promise<void>;

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

/** What was read, one entry a recipient or record, and what was made of it: the `records` of `explain` in half the time. */
export function records(input: string | Uint8Array, options?: ClassifyOptions): Reading[];

/** Shows every stage from the text to the verdict. */
export function explain(input: string | Uint8Array, options?: ClassifyOptions): Explanation;

/**
 * Says in words what a verdict means and what to do. `it-CH` falls back to `it`; what a language
 * lacks is in English. Needs no `init`.
 */
export function advise(verdict: Advisable, locale?: string, options?: AdviseOptions): Advice;

/**
 * Decides what to do with an address after an event: keep, retry (and when), flag, suppress. Pass the
 * `history` of each decision into the next one of the same address. There is no clock: `now` is when it
 * happened.
 *
 * @example
 * const { action, why, retryAt, history } = decide(classify(reply), { campaign: "spring", now: Date.now() });
 */
export function decide(verdict: Happening, options: DecideOptions): Decision;

/**
 * The histories of many addresses. They live in the wasm: some 150 bytes an address.
 *
 * @example
 * const ledger = createLedger({ policy: "default" });
 * ledger.record({ address: "ann@example.com", verdict: classify(reply), time: Date.now(), campaign: "spring" });
 * ledger.decision("ann@example.com", { now: Date.now() }).action;
 */
export function createLedger(options?: { readonly policy?: Policy | undefined }): Ledger;

/**
 * Plays events under several policies, in the order of their times: who would be stopped, when, and
 * where the policies differ.
 *
 * @example
 * replay(events, { policies: ["default", "altcraft"] }).stopped; // [12, 40]
 */
export function replay(events: Iterable<LedgerEvent>, options: { readonly policies: readonly Policy[] }): Replay;

/**
 * Counts bounces exactly. More rows can be added, and reports merged.
 *
 * @example
 * summarise(rows, { groupBy: ["from-domain", "bounce-text"] }).toCSV();
 */
export function summarise(rows: Iterable<ReportRow>, options?: ReportOptions): Report;

/** Reads a suppression list: CSV with a column `address` or `email`, one address, domain or hash a line, or JSON. */
export function readSuppressionList(text: string): SuppressionEntry[];

/** Writes a suppression list; with `hashed`, SHA-256 of each normalised address in its place. */
export function writeSuppressionList(
  entries: Iterable<SuppressionEntry>,
  options?: { readonly form?: "csv" | "lines" | "json" | undefined; readonly hashed?: boolean | undefined },
): string;

/** The built-in policies, the one taken where none is named first. */
export const policies: readonly PolicyInfo[];

/** The categories, in the order of `data/categories.toml`. */
export const categories: readonly CategoryInfo[];

/** The reasons, in the order of `data/reasons.toml`. */
export const reasons: readonly ReasonInfo[];

/** The languages of `advise`, such as "en". */
export const locales: readonly string[];
