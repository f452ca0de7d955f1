// The only file that knows the package: text in, verdicts and words about them out.

import { advise, categories, classifyAll, init, reasons } from "bouncelens";
import { learn } from "./advice-words.js";

export { categories, learn, reasons };

/** @typedef {import("bouncelens").Verdict} Verdict */
/** @typedef {import("bouncelens").Advice} Advice */

/** Makes the reader ready. May be tried again after a failure. */
export const start = () => init();

/** The largest text that is read, in bytes of UTF-8: beyond it a paste box stops being useful. */
export const MAX_BYTES = 16 * 1024 * 1024;

/**
 * Every verdict in a text, or the error that says why there is none.
 *
 * @param {string} text
 * @returns {{ verdicts: Verdict[], error: string | null }}
 */
export function read(text) {
  if (text.trim() === "") return { verdicts: [], error: null };
  try {
    return { verdicts: classifyAll(text, { maxBytes: MAX_BYTES }), error: null };
  } catch (error) {
    return { verdicts: [], error: error.code ?? String(error) };
  }
}

/**
 * A verdict in the reader's language.
 *
 * @param {Verdict} verdict
 * @param {string} locale
 * @returns {Advice}
 */
export const adviceOn = (verdict, locale) => advise(verdict, locale);

/**
 * A reason in the reader's language, without a verdict.
 *
 * @param {import("bouncelens").ReasonInfo} reason
 * @param {string} locale
 * @returns {Advice}
 */
export const adviceOnReason = ({ id, category }, locale) => advise({ kind: "bounce", category, reason: id }, locale);

/** @param {string} category @param {string} locale @returns {Advice} */
export const adviceOnCategory = (category, locale) => advise({ kind: "bounce", category, reason: null }, locale);

/** @param {string} category @param {string} locale */
export const categoryTitle = (category, locale) => adviceOnCategory(category, locale).title;

/** @param {string} kind @param {string} locale */
export const kindTitle = (kind, locale) => advise({ kind, category: null, reason: null }, locale).title;

/**
 * What being hard or soft means: the problem, whether to retry, what becomes of the address.
 *
 * @param {"hard" | "soft"} type
 * @param {string} locale
 * @returns {{ title: string, problem: string, retry: string, list: string } | null}
 */
export const comparisonOf = (type, locale) =>
  advise({ kind: "bounce", category: null, reason: null, type }, locale).comparison;

/** @param {string | null} id */
export const reasonInfo = (id) => reasons.find((reason) => reason.id === id);
