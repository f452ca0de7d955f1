// What helps against bounces in general, folded away until somebody wants it.

import { h } from "../dom.js";
import { tips } from "../reader.js";
import { unchanged } from "../state.js";

/** @param {HTMLElement} host */
export function tipsPanel(host) {
  host.className = "tips";
  return (state, before) => {
    if (unchanged(state, before, "verdict", "words")) return;
    const { verdict, words } = state;
    const items = tips(words.locale);
    host.hidden = !verdict?.type || items.length === 0;
    if (host.hidden) return;
    const open = host.querySelector("details")?.open ?? false;
    host.replaceChildren(
      h(
        "details",
        { class: "more", open },
        h("summary", {}, words.t("tips.title")),
        h(
          "ul",
          {},
          items.map((item) => h("li", {}, item)),
        ),
      ),
    );
  };
}
