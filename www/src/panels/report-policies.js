// What if: the same events under each policy, who would be stopped, when, and where they differ.

import { h, icon, icons } from "../dom.js";

const PAGE = 20;

/**
 * @param {HTMLElement} host
 * @param {(question: object) => Promise<object>} ask
 * @param {(policy: string) => void} download its suppression list
 * @param {(error: Error) => void} fail
 */
export function policiesTable(host, ask, download, fail) {
  host.className = "what-if";
  let answer = null;
  let words = null;
  let wanted = false;
  let start = 0;

  async function look() {
    try {
      answer = await ask({ start, size: PAGE, differing: true });
      show();
    } catch (error) {
      fail(error);
    }
  }

  function show() {
    host.hidden = !wanted;
    if (!wanted) return;
    const { t } = words;
    const focus = host.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    host.replaceChildren(
      h("h2", {}, t("whatif.title")),
      h("p", { class: "aside" }, t("whatif.lead")),
      answer
        ? h("div", { class: "what-if-answer" }, stopped(answer, words, download), differing(answer))
        : h(
            "button",
            { class: "button", type: "button", onclick: (event) => ((event.target.disabled = true), look()) },
            t("whatif.ask"),
          ),
    );
    if (focus) host.querySelector(`[data-key="${focus}"]`)?.focus();
  }

  function differing({ policies, outcomes, count }) {
    const { t, number, day } = words;
    if (count === 0) return h("p", { class: "aside" }, t("whatif.same"));
    const turn = (key, to, label) =>
      h(
        "button",
        {
          class: "button",
          type: "button",
          "data-key": key,
          disabled: to < 0 || to >= count,
          onclick: () => ((start = to), look()),
        },
        label,
      );
    return [
      h("h3", { class: "small-title", id: "differing" }, t("whatif.differing", { count, n: number(count) })),
      h(
        "div",
        { class: "wide", role: "region", "aria-labelledby": "differing", tabindex: "0" },
        h(
          "table",
          { "aria-labelledby": "differing" },
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { scope: "col" }, t("fact.recipient")),
              policies.map((id) => h("th", { scope: "col" }, t(`policy.${id}`))),
            ),
          ),
          h(
            "tbody",
            {},
            outcomes.map(({ address, stops }) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, address),
                stops.map((stop) =>
                  h("td", {}, stop === null ? t("whatif.mail") : `${t(`action.${stop.action}`)}, ${day(stop.time)}`),
                ),
              ),
            ),
          ),
        ),
      ),
      count > PAGE
        ? h(
            "div",
            { class: "pager" },
            turn("whatif-previous", start - PAGE, t("report.previous")),
            h(
              "span",
              {},
              t("report.range", {
                from: number(start + 1),
                to: number(Math.min(start + PAGE, count)),
                n: number(count),
              }),
            ),
            turn("whatif-next", start + PAGE, t("report.next")),
          )
        : "",
    ];
  }

  return {
    forget() {
      answer = null;
      start = 0;
    },
    draw(some, now) {
      wanted = Boolean(some);
      words = now;
      show();
    },
  };
}

function stopped({ policies, stopped: numbers, addresses, left }, { t, number }, download) {
  const save = (id) => {
    const label = `${t("report.csv")}: ${t("whatif.list", { policy: t(`policy.${id}`) })}`;
    return h(
      "button",
      {
        class: "button quiet",
        type: "button",
        "data-key": `list-${id}`,
        "aria-label": label,
        title: label,
        onclick: () => download(id),
      },
      icon(icons.download),
      t("report.csv"),
    );
  };
  return [
    h(
      "dl",
      { class: "totals" },
      policies.map((id, index) =>
        h(
          "div",
          { "data-policy": id },
          h("dt", {}, t(`policy.${id}`)),
          h("dd", {}, number(numbers[index]), numbers[index] > 0 ? save(id) : ""),
        ),
      ),
    ),
    h("p", { class: "aside" }, t("whatif.addresses", { count: addresses, n: number(addresses) })),
    left > 0 ? h("p", { class: "aside" }, t("whatif.left", { count: left, n: number(left) })) : "",
  ];
}
