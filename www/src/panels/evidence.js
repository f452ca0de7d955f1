// How it is known: the pasted text with the words that were evidence marked, and the list of links
// from those words to the verdict. A mark tells its rule on hover, focus and tap.

import { h, icon, icons } from "../dom.js";
import { marks, pieces } from "../marks.js";
import { adviceOnReason, reasonInfo } from "../reader.js";
import { tooltip } from "../tip.js";

/** @param {HTMLElement} host */
export function evidencePanel(host) {
  host.className = "evidence";
  const tip = tooltip(host, "tip");

  function draw({ text, verdict, words }) {
    const { t } = words;
    const found = marks(verdict.because, text.length);
    const shown = new Map();
    const said = verdict.recipient ?? verdict.diagnostic;
    const drawn = pieces(text, found, said === "" ? 0 : text.indexOf(said)).map((piece) => {
      if (typeof piece === "string") return piece;
      if ("gap" in piece) return h("span", { class: "gap" }, ` ${t("evidence.gap")} `);
      const links = piece.links.map((index) => verdict.because[index]);
      const mark = h(
        "mark",
        { class: `is-${piece.role}`, tabindex: "0", role: "button", "aria-describedby": "tip" },
        text.slice(piece.start, piece.end),
      );
      tip.attach(mark, () => links.map((link) => meaning(link, words)));
      for (const index of piece.links) shown.set(index, mark);
      return mark;
    });
    tip.close();
    host.replaceChildren(
      h("h3", { class: "small-title", id: "evidence-title" }, t("evidence.title")),
      h("div", { class: "quote", role: "group", "aria-labelledby": "evidence-title" }, drawn),
      ...list(verdict.because, shown, words),
      tip.element,
    );
    // A long text starts at its first mark.
    const quote = host.querySelector(".quote");
    const first = quote.querySelector("mark");
    if (first) quote.scrollTop = first.offsetTop - quote.offsetTop - 56;
  }

  return (state, before) => {
    host.hidden = !state.verdict;
    if (!state.verdict) return tip.close();
    if (state.verdict !== before.verdict || state.words !== before.words) draw(state);
  };
}

/** How many links of each role are listed at once; the strongest come first. */
const LISTED = { supports: 3, contradicts: 2 };

function list(because, shown, words) {
  const { t, number } = words;
  if (because.length === 0) return [h("p", { class: "aside" }, t("evidence.none"))];
  const left = { ...LISTED };
  const [first, rest] = [[], []];
  because.forEach((link, index) => (left[link.role]-- > 0 ? first : rest).push(item(link, shown.get(index), words)));
  return [
    h("ol", { class: "because" }, first),
    rest.length > 0
      ? h(
          "details",
          { class: "more" },
          h("summary", {}, t("evidence.more", { count: rest.length, n: number(rest.length) })),
          h("ol", { class: "because" }, rest),
        )
      : "",
  ];
}

function item(link, mark, words) {
  const { t } = words;
  const show = mark
    ? {
        type: "button",
        onclick: () => mark.focus(),
        onpointerenter: () => mark.classList.add("is-lit"),
        onpointerleave: () => mark.classList.remove("is-lit"),
      }
    : null;
  const body = [
    h(
      "span",
      { class: "because-role" },
      icon(icons[link.role], 14),
      h("span", { class: "hidden" }, t(`role.${link.role}`)),
    ),
    h(
      "span",
      { class: "because-text" },
      link.text ? h("q", {}, shorten(link.text)) : t("evidence.field"),
      h("span", { class: "because-meaning" }, reasonTitle(link, words)),
    ),
    h("code", { class: "because-rule" }, link.rule),
  ];
  return h("li", { class: `is-${link.role}` }, h(show ? "button" : "div", { class: "because-link", ...show }, body));
}

/** What one link says, for the tip. */
function meaning(link, words) {
  const { t } = words;
  return h(
    "span",
    { class: `tip-link is-${link.role}` },
    h(
      "span",
      { class: "tip-role" },
      icon(icons[link.role], 13),
      `${t(`role.${link.role}`)}: ${reasonTitle(link, words)}`,
    ),
    h("span", { class: "tip-rule" }, h("code", {}, link.rule), ` · ${t(`strength.${link.strength}`)}`),
  );
}

const reasonTitle = ({ reason }, { locale }) => {
  const info = reasonInfo(reason);
  return info ? adviceOnReason(info, locale).title : reason;
};

const shorten = (text) => (text.length > 140 ? `${text.slice(0, 138).trimEnd()}…` : text);
