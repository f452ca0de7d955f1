// The categories and their reasons, from the package's own tables, each with a text that opens it.

import { linkTo } from "../address.js";
import { h, icon, icons } from "../dom.js";
import { adviceOnCategory, adviceOnReason, categories, categoryTitle, reasons } from "../reader.js";
import { badge } from "./badge.js";

/** @param {HTMLElement} host */
export function referencePanel(host) {
  host.className = "reference";
  let drawn = null;
  return ({ place, words }, before) => {
    if (place.view !== "reference") return;
    if (drawn !== words) draw(words);
    if (place !== before.place && place.entry) visit(place.entry);
  };

  // Drawn when it is first looked at, and again in another language.
  function draw(words) {
    drawn = words;
    const { t, number, locale } = words;
    host.replaceChildren(
      h("h1", {}, t("reference.title")),
      h(
        "p",
        { class: "lead" },
        t("reference.lead", { categories: number(categories.length), reasons: number(reasons.length) }),
      ),
      h(
        "nav",
        { "aria-label": t("fact.category") },
        h(
          "ul",
          { class: "chips" },
          categories.map(({ id }) =>
            h(
              "li",
              {},
              h("button", { class: "chip", type: "button", onclick: () => visit(id) }, categoryTitle(id, locale)),
            ),
          ),
        ),
      ),
      ...categories.map((category) => section(category, words)),
    );
  }
}

function visit(id) {
  const title = document.getElementById(`ref-${id}`);
  title?.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  title?.focus({ preventScroll: true });
}

function section({ id }, words) {
  const { title, summary } = adviceOnCategory(id, words.locale);
  const own = reasons.filter((reason) => reason.category === id);
  return h(
    "section",
    { class: "ref-category", "aria-labelledby": `ref-${id}` },
    h(
      "header",
      {},
      h("h2", { id: `ref-${id}`, tabindex: "-1" }, title),
      h("code", {}, id),
      h("p", { class: "aside" }, summary),
    ),
    h(
      "ul",
      { class: "ref-reasons" },
      own.map((reason) => entry(reason, words)),
    ),
  );
}

function entry(reason, words) {
  const { t, locale } = words;
  const { title, summary } = adviceOnReason(reason, locale);
  return h(
    "li",
    { class: "card ref-reason" },
    h(
      "div",
      { class: "ref-head" },
      h("h3", { id: `ref-${reason.id}`, tabindex: "-1" }, title),
      badge({ type: reason.type, kind: "bounce" }, t),
    ),
    h("p", {}, summary),
    h(
      "p",
      { class: "ref-foot" },
      h("code", {}, reason.id),
      h("span", {}, `${t("fact.fault")}: ${t(`fault.${reason.fault}`)}`),
      reason.codes.length > 0 ? h("span", {}, reason.codes.join(", ")) : "",
    ),
    h(
      "a",
      { class: "ref-open", href: linkTo("reason", reason.id), "aria-label": `${t("reference.open")}: ${title}` },
      t("reference.open"),
      icon(icons.arrow, 14),
    ),
  );
}
