// The compact list, where a text speaks of several recipients or records.

import { arrowTarget, h } from "../dom.js";
import { categoryTitle, kindTitle } from "../reader.js";
import { badge } from "./badge.js";

const DAY = 24 * 3600 * 1000;
const dayOf = (time) => time - (time % DAY);

/** Longer lists are cut: this is for reading, not for counting. */
const SHOWN = 200;

/**
 * @param {HTMLElement} host
 * @param {import("../main.js").Act} act
 */
export function recordsPanel(host, act) {
  host.className = "records";
  let options = [];

  function draw({ verdicts, words, text, source }) {
    const { t, number } = words;
    options = verdicts.slice(0, SHOWN).map((verdict, index) => option(verdict, index, words));
    const rest = verdicts.length - options.length;
    host.replaceChildren(
      h(
        "h2",
        { class: "small-title", id: "records-title" },
        t("records.title", { count: verdicts.length, n: number(verdicts.length) }),
      ),
      h(
        "div",
        { class: "records-list", role: "listbox", "aria-labelledby": "records-title", onkeydown: walk },
        options,
      ),
      rest > 0 ? h("p", { class: "aside" }, t("records.more", { count: rest, n: number(rest) })) : "",
      h("button", { class: "button records-count", type: "button", onclick: count }, t("records.count")),
    );
    function count() {
      const path = source ?? t("records.pasted");
      // The same text gives the same file, which is counted once.
      act("count", [{ path, file: new File([text], path, { lastModified: dayOf(Date.now()) }) }]);
    }
  }

  function option(verdict, index, { t, locale }) {
    return h(
      "div",
      { class: "record", role: "option", tabindex: "-1", onclick: () => act("select", index) },
      h(
        "span",
        { class: "record-name" },
        verdict.recipient ?? (verdict.diagnostic.slice(0, 80) || t("records.unnamed")),
      ),
      h(
        "span",
        { class: "record-what" },
        verdict.category ? categoryTitle(verdict.category, locale) : kindTitle(verdict.kind, locale),
      ),
      badge(verdict, t),
    );
  }

  function walk(event) {
    const target = arrowTarget(event, options);
    if (target) act("select", options.indexOf(target));
  }

  return (state, before) => {
    const many = state.verdicts.length > 1;
    host.hidden = !many;
    if (!many) return;
    const had = host.contains(document.activeElement);
    if (state.verdicts !== before.verdicts || state.words !== before.words) draw(state);
    options.forEach((each, index) => {
      each.setAttribute("aria-selected", String(index === state.selected));
      each.tabIndex = index === state.selected ? 0 : -1;
    });
    if (had && state.selected !== before.selected) options[state.selected]?.focus();
  };
}
