// Texts to try: links, so that each can be sent to somebody.

import { linkTo } from "../address.js";
import { h } from "../dom.js";
import { examples } from "../examples.js";

/** @param {HTMLElement} host */
export function examplesPanel(host) {
  host.className = `${host.className} examples`;
  let links = [];
  return ({ words, place }, before) => {
    if (words !== before.words) {
      const { t } = words;
      links = examples.map(({ id }) =>
        h("a", { class: "chip", href: linkTo("example", id), "data-example": id }, t(`example.${id}`)),
      );
      host.replaceChildren(
        h("h2", { class: "small-title", id: "examples-title" }, t("examples.title")),
        h(
          "ul",
          { class: "chips", "aria-labelledby": "examples-title" },
          links.map((link) => h("li", {}, link)),
        ),
      );
    }
    for (const link of links) {
      if (place.open?.what === "example" && place.open.id === link.dataset.example)
        link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
}
