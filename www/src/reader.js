// The only file that knows the package: text in, verdicts and words about them out.

import { advise, categories, classifyAll, decide, init, policies, reasons } from "bouncelens";
import { learn, LOCALES } from "./advice-words.js";

export { categories, learn, reasons };

/** @typedef {import("bouncelens").Verdict} Verdict */
/** @typedef {import("bouncelens").Advice} Advice */
/** @typedef {import("bouncelens").Decision & { policy: import("bouncelens").PolicyName }} PolicyDecision */

/** Makes the reader ready. May be tried again after a failure. */
export const start = () => init(undefined, { desk: false });

/** Makes decisions ready, which few need at once. May be tried again after a failure. */
export const startDesk = () => init();

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

/**
 * What the enhanced code means here: what the provider means by it, where that is known, in the reader's
 * language; otherwise what the registry says, in English.
 *
 * @param {Verdict} verdict
 * @param {string} locale
 * @returns {{ text: string | null, lang: string | null }}
 */
export function statusMeaning({ status, statusMeaning: registered, because }, locale) {
  const own = because.find(({ rule }) => /^code\/.+\//.test(rule) && rule.endsWith(`/${status}`));
  const info = own && reasonInfo(own.reason);
  return info ? { text: adviceOnReason(info, locale).title, lang: null } : { text: registered, lang: "en" };
}

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

const WEEK = 7 * 24 * 3600 * 1000;
/** What came before a bounce that is not soft itself. */
const SOFT = { kind: "bounce", type: "soft", reason: "mailbox-full" };

/**
 * What each policy does with the address, after so many soft bounces: one a week, each in a campaign of
 * its own, of the same reason where this one is soft.
 *
 * @param {Verdict} verdict
 * @param {number} soft how many came before
 * @param {number} now epoch milliseconds
 * @param {string} locale
 * @returns {PolicyDecision[]}
 */
export function decisionsOn(verdict, soft, now, locale) {
  const past = verdict.type === "soft" && verdict.reason ? { ...verdict, kind: "bounce" } : SOFT;
  return policies.map(({ id: policy }) => {
    let history = null;
    for (let weeks = soft; weeks > 0; weeks -= 1) {
      const before = { policy, history, campaign: `${weeks} weeks before`, now: now - weeks * WEEK };
      history = decide(past, before).history;
    }
    return { policy, ...decide(verdict, { policy, history, campaign: "this one", now, locale }) };
  });
}

/**
 * The note to the postmaster with nobody's name in it: of the recipient's address only the domain.
 *
 * @param {Verdict} verdict
 * @param {string} locale
 * @returns {string | null}
 */
export function redactedNote(verdict, locale) {
  const recipient = verdict.recipient?.replace(/^.*@/s, "…@") ?? null;
  return advise({ ...verdict, recipient }, locale).note;
}

/** A word of the cards, such as `likely_hard`. @param {string} name @param {string} locale */
export const label = (name, locale) => (LOCALES[locale]?.labels ?? LOCALES.en.labels)[name];

/** What helps in general, whatever bounced. @param {string} locale @returns {readonly string[]} */
export const tips = (locale) => (LOCALES[locale]?.tips ?? LOCALES.en.tips)?.items ?? [];
