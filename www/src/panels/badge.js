// Hard or soft, told apart by shape, fill and word, not by colour alone.

import { h, icon, icons } from "../dom.js";

/**
 * @param {import("../reader.js").Verdict} verdict
 * @param {import("../locale.js").Words["t"]} t
 * @returns {HTMLElement}
 */
export function badge({ type, kind }, t) {
  if (type) return h("span", { class: `badge is-${type}` }, icon(icons[type], 14), t(`type.${type}`));
  return h("span", { class: "badge is-none" }, kind === "delay" ? icon(icons.delay, 14) : "", t("type.none"));
}
