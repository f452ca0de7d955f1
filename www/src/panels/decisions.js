// What each policy does with the address, side by side, after as many soft bounces as the reader says.

import { h, icon, icons } from "../dom.js";
import { decisionsOn } from "../reader.js";
import { unchanged } from "../state.js";

/** More than this tells nothing new: the longest threshold is five. */
const MOST = 20;

/** Kinds that a policy has something to say about. */
const decided = ["bounce", "delay", "complaint"];

/**
 * @param {HTMLElement} host
 * @param {import("../main.js").Act} act
 */
export function decisionsPanel(host, act) {
  host.className = "decisions card";
  const title = h("h3", { class: "small-title", id: "decisions-title" });
  const name = h("span", {});
  const count = h("input", {
    type: "number",
    id: "soft-before",
    min: "0",
    max: String(MOST),
    step: "1",
    value: "0",
    inputmode: "numeric",
    oninput: () => act("recall", within(count.valueAsNumber)),
    onblur: () => (count.value = String(within(count.valueAsNumber))),
  });
  const list = h("ul", { class: "policies", "aria-labelledby": "decisions-title" });
  const told = h("p", { class: "hidden", role: "status" });
  const hint = h("p", { class: "aside policies-hint" });
  host.append(
    h("div", { class: "decisions-head" }, title, h("label", { class: "count" }, name, count)),
    list,
    hint,
    told,
  );

  return (state, before) => {
    if (unchanged(state, before, "verdict", "words", "softBefore", "desk")) return;
    const { verdict, words, softBefore } = state;
    host.hidden = !state.desk || !verdict || !decided.includes(verdict.kind);
    if (host.hidden) return;
    const { t, locale } = words;
    title.textContent = t("policy.title");
    name.textContent = t("policy.before");
    hint.textContent = softBefore > 0 ? t("policy.beforeHint") : "";
    if (document.activeElement !== count) count.value = String(softBefore);
    const decisions = decisionsOn(verdict, softBefore, Date.now(), locale);
    list.replaceChildren(...decisions.map((decision) => entry(decision, words)));
    // Told only when the number was changed: a verdict is told as such.
    if (softBefore !== before.softBefore && verdict === before.verdict) {
      told.textContent = decisions
        .map(({ policy, action }) => `${t(`policy.${policy}`)}: ${t(`action.${action}`)}.`)
        .join(" ");
    }
  };
}

const within = (value) => Math.min(MOST, Math.max(0, Math.trunc(value) || 0));

function entry({ policy, action, why, delays, retryAt, strikes, scope, until }, words) {
  const { t, times, day } = words;
  const stops = action === "flag" || action === "suppress";
  const more = [
    retryAt.length > 0 && t("policy.retry", { times: times(delays) }),
    stops && scope === "domain" && t("policy.domain"),
    stops && until !== null && t("policy.until", { date: day(until) }),
  ].filter(Boolean);
  return h(
    "li",
    { class: "policy", "data-policy": policy },
    h(
      "div",
      { class: "policy-head" },
      h("h4", {}, t(`policy.${policy}`)),
      h("span", { class: `action is-${action}` }, icon(icons[action], 14), t(`action.${action}`)),
    ),
    h("p", {}, why),
    more.length > 0 ? h("p", { class: "aside" }, more.join(" ")) : "",
    strikes.of !== null && strikes.count > 0 ? meter(strikes, words) : "",
  );
}

/** Strikes as dots, and in words. */
function meter({ count, of }, { t, number }) {
  const dots = Array.from({ length: of }, (_, index) => h("span", { class: index < count ? "dot is-on" : "dot" }));
  return h(
    "p",
    { class: "strikes" },
    h("span", { class: "dots", "aria-hidden": "true" }, dots),
    t("policy.strikes", { n: number(Math.min(count, of)), of: number(of) }),
  );
}
