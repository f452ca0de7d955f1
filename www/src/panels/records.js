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
  /** The record that the first option stands for. */
  let begin = 0;

  function draw({ verdicts, selected, words, text, source }) {
    const { t, number } = words;
    begin = selected < SHOWN ? 0 : selected;
    options = verdicts.slice(begin, begin + SHOWN).map((verdict, index) => option(verdict, begin + index, words));
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
    if (target) act("select", begin + options.indexOf(target));
  }

  return (state, before) => {
    const many = state.verdicts.length > 1;
    host.hidden = !many;
    if (!many) return;
    const had = host.contains(document.activeElement);
    const drawn = state.verdicts !== before.verdicts || state.words !== before.words;
    if (drawn) draw(state);
    const chosen = options[state.selected - begin];
    options.forEach((each) => {
      each.setAttribute("aria-selected", String(each === chosen));
      each.tabIndex = each === chosen ? 0 : -1;
    });
    if (had && state.selected !== before.selected) chosen?.focus();
    // What is shown may be far down; the page itself stays where it is.
    const list = host.querySelector(".records-list");
    if (drawn && chosen) list.scrollTop = Math.max(0, chosen.offsetTop - list.offsetTop - chosen.offsetHeight);
  };
}
