// The verdict as JSON or Markdown, for a ticket, a chat or a test.

import { copyButton } from "../copy.js";
import { markdown } from "../markdown.js";

/** @param {HTMLElement} host */
export function sharePanel(host) {
  host.className = "share";
  return ({ verdict, advice, words }, before) => {
    if (verdict === before.verdict && advice === before.advice && words === before.words) return;
    host.hidden = !verdict;
    if (!verdict) return;
    const { t } = words;
    host.replaceChildren(
      copyButton(words, t("copy.json"), () => `${JSON.stringify(verdict, null, 2)}\n`),
      copyButton(words, t("copy.markdown"), () => markdown(verdict, advice, words)),
    );
  };
}
