// Soft and hard side by side, the one that applies brought forward.

import { h, icon, icons } from "../dom.js";
import { comparisonOf } from "../reader.js";
import { unchanged } from "../state.js";

/** @param {HTMLElement} host */
export function comparisonPanel(host) {
  host.className = "comparison card";
  return (state, before) => {
    if (unchanged(state, before, "verdict", "words")) return;
    const { verdict, words } = state;
    host.hidden = !verdict?.type;
    if (!verdict?.type) return;
    const { t } = words;
    const cell = (type, tag, ...children) =>
      h(tag, { class: type === verdict.type ? "applies" : "other", scope: tag === "th" ? "col" : null }, ...children);
    const texts = { soft: comparisonOf("soft", words.locale), hard: comparisonOf("hard", words.locale) };
    const row = (name) =>
      h(
        "tr",
        {},
        h("th", { scope: "row" }, t(`compare.${name}`)),
        ["soft", "hard"].map((type) => cell(type, "td", texts[type]?.[name] ?? "")),
      );
    host.replaceChildren(
      h("h3", { class: "small-title", id: "comparison-title" }, t("compare.title")),
      h(
        "table",
        { "aria-labelledby": "comparison-title" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            h("td", {}),
            ["soft", "hard"].map((type) =>
              cell(
                type,
                "th",
                icon(icons[type], 13),
                " ",
                t(`type.${type}`),
                type === verdict.type ? h("span", { class: "hidden" }, `, ${t("compare.applies")}`) : "",
              ),
            ),
          ),
        ),
        h("tbody", {}, ["problem", "retry", "list"].map(row)),
      ),
    );
  };
}
