// The verdict as JSON or Markdown, for a ticket, a chat or a test.

import { copyButton } from "../copy.js";
import { markdown } from "../markdown.js";
import { unchanged } from "../state.js";

/** @param {HTMLElement} host */
export function sharePanel(host) {
  host.className = "share";
  return (state, before) => {
    if (unchanged(state, before, "verdict", "advice", "words")) return;
    const { verdict, advice, words } = state;
    host.hidden = !verdict;
    if (!verdict) return;
    const { t } = words;
    host.replaceChildren(
      copyButton(words, t("copy.json"), () => `${JSON.stringify(verdict, null, 2)}\n`),
      copyButton(words, t("copy.markdown"), () => markdown(verdict, advice, words)),
    );
  };
}
