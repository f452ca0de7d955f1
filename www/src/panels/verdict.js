// The answer: what happened, hard or soft, whose fault, how sure.

import { drawing, h } from "../dom.js";
import { categoryTitle, kindTitle, label } from "../reader.js";
import { unchanged } from "../state.js";
import { badge } from "./badge.js";

/** @param {HTMLElement} host */
export function verdictPanel(host) {
  host.className = "verdict";
  return (state, before) => {
    if (unchanged(state, before, "verdict", "advice", "words", "status", "trouble")) return;
    const { verdict, advice, words, status, text, trouble } = state;
    host.hidden = Boolean(trouble) && !verdict;
    host.replaceChildren(
      ...(verdict
        ? answer(verdict, advice, words, advice.title !== before.advice?.title)
        : [
            picture(),
            h("p", { class: "hollow" }, words.t(status === "starting" && text ? "answer.starting" : "answer.none")),
          ]),
    );
    host.classList.toggle("is-empty", !verdict);
    host.querySelector(".sure-bar")?.style.setProperty("--sure", String(verdict.confidence));
  };
}

function answer(verdict, advice, { t, percent, locale }, isNew) {
  const { kind, category, reason, fault, confidence, likelyHard } = verdict;
  return [
    h(
      "div",
      { class: "verdict-top" },
      // Without a category the title is the kind itself.
      h(
        "p",
        { class: "eyebrow" },
        h("span", { "data-field": "kind", class: category ? null : "hidden" }, kindTitle(kind, locale)),
        category ? h("span", { "data-field": "category" }, categoryTitle(category, locale)) : "",
      ),
      badge(verdict, t),
    ),
    h("h2", { class: `verdict-title ${isNew ? "is-new" : ""}`, "data-field": "title" }, advice.title),
    h("p", { class: "verdict-summary" }, advice.summary || t(`kind.${kind}`)),
    likelyHard ? h("p", { class: "callout" }, label("likely_hard", locale)) : "",
    h(
      "dl",
      { class: "verdict-facts" },
      h(
        "div",
        {},
        h("dt", {}, t("fact.confidence")),
        h(
          "dd",
          {},
          h("span", { class: "sure-bar", "aria-hidden": "true" }),
          `${t(`sure.${sureness(confidence)}`)}, `,
          h("span", { class: "nowrap" }, percent(confidence)),
        ),
      ),
      category
        ? h("div", {}, h("dt", {}, t("fact.fault")), h("dd", { "data-field": "fault" }, t(`fault.${fault}`)))
        : "",
      reason
        ? h(
            "div",
            {},
            h("dt", {}, t("fact.reason")),
            h("dd", { class: "mono", "data-field": "reason" }, h("a", { href: `#reference=${reason}` }, reason)),
          )
        : "",
    ),
  ];
}

/** A letter that bounced, under the lens. */
const picture = () =>
  drawing({ class: "picture", viewBox: "0 0 240 120", width: 240, height: 120 }, [
    ["path", { class: "picture-ground", d: "M8 104h224" }],
    ["path", { class: "picture-way", d: "M14 40c26 0 40 26 50 62 8-30 20-46 36-46s27 16 34 46c7-30 14-48 34-56" }],
    ["circle", { class: "picture-lens", cx: 184, cy: 46, r: 30 }],
    ["path", { class: "picture-handle", d: "M205.500 67.500 222 84" }],
    ["path", { class: "picture-letter", d: "M168 35h32v22h-32zM168 36.500l16 11.500 16-11.500" }],
  ]);

const sureness = (confidence) =>
  confidence >= 0.9 ? "high" : confidence >= 0.7 ? "good" : confidence >= 0.45 ? "fair" : "low";
