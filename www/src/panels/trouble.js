// What keeps the page from answering: the reader did not start, the text is too large.

import { h } from "../dom.js";
import { MAX_BYTES } from "../reader.js";
import { unchanged } from "../state.js";

/**
 * @param {HTMLElement} host
 * @param {import("../main.js").Act} act
 */
export function troublePanel(host, act) {
  host.className = "trouble";
  return (state, before) => {
    if (unchanged(state, before, "trouble", "status", "words")) return;
    const { trouble, status, words } = state;
    host.hidden = !trouble;
    if (!trouble) return;
    const { t, number } = words;
    const key = words.has(`trouble.${trouble}`) ? `trouble.${trouble}` : "trouble.other";
    host.setAttribute("role", "alert");
    host.replaceChildren(
      h(
        "p",
        {},
        t(status === "failed" ? "trouble.start" : key, { code: trouble, megabytes: number(MAX_BYTES / 1048576) }),
      ),
      status === "failed" ? h("p", { class: "trouble-code" }, trouble) : "",
      status === "failed"
        ? h("button", { class: "button", type: "button", onclick: () => act("retry") }, t("trouble.retry"))
        : "",
    );
  };
}
