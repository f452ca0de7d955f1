// Tells the verdict to those who do not see it: once it has settled, and only when it changes.

import { kindTitle } from "../reader.js";
import { unchanged } from "../state.js";

/** Long enough that a pause in typing is one announcement. */
const SETTLED = 700;

/** @param {HTMLElement} host the live region */
export function announcer(host) {
  let said = "";
  let timer;
  return (state, before) => {
    if (unchanged(state, before, "verdict", "words")) return;
    const { verdict, verdicts, advice, words } = state;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const { t } = words;
      const many = verdicts.length > 1 ? t("records.title", { count: verdicts.length, n: verdicts.length }) : "";
      const what = verdict && (verdict.type ? t(`type.${verdict.type}`) : kindTitle(verdict.kind, words.locale));
      // Without a category the title is the kind itself, which is told once.
      const text = verdict ? [...new Set([advice.title, what, many])].filter(Boolean).join(". ") : "";
      if (text === said) return;
      said = text;
      host.textContent = text;
    }, SETTLED);
  };
}
