// The report: what the rows have in common, the bounce text, the amount; a page at a time, so that ten
// thousand lines are as light as fifty.

import { h, icon, icons } from "../dom.js";
import { adviceOn, adviceOnReason, categoryTitle, read, reasonInfo } from "../reader.js";
import { tooltip } from "../tip.js";

/** Columns of numbers; the others stand in the tip of a text. */
const NUMBERS = ["amount", "first", "final"];
const ALL = ["amount", "hard", "soft", "first", "final", "deliveredLater"];

/**
 * @param {HTMLElement} host
 * @param {{ sort: (by: string) => void, turn: (start: number) => void, download: (form: "csv" | "xlsx") => void }} act
 */
export function reportTable(host, act) {
  const tip = tooltip(host, "report-tip");

  function draw(answer, { settings, sort, size, overview }, words) {
    const { t, number } = words;
    const focus = host.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    tip.close();
    host.replaceChildren(
      totals(answer, words),
      h(
        "div",
        { class: "report-bar" },
        pager(answer, size, words),
        h(
          "div",
          { class: "report-save", role: "group", "aria-label": t("report.download") },
          ["csv", "xlsx"].map((form) =>
            h(
              "button",
              { class: "button", type: "button", "data-key": form, onclick: () => act.download(form) },
              icon(icons.download),
              t(`report.${form}`),
            ),
          ),
        ),
      ),
      answer.count === 0
        ? h("p", { class: "aside report-none" }, t("report.none"))
        : table(answer, { sort, field: settings.field }, words),
      answer.undated > 0
        ? h("p", { class: "aside" }, t("report.undated", { count: answer.undated, n: number(answer.undated) }))
        : "",
      overview.undated > 0 && answer.undated === 0
        ? h("p", { class: "aside" }, t("report.dateless", { count: overview.undated, n: number(overview.undated) }))
        : "",
      h("p", { class: "aside" }, t("report.meaning")),
      tip.element,
    );
    if (focus) host.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  }

  function totals({ total }, { t, number }) {
    return h(
      "dl",
      { class: "totals" },
      ALL.filter((name) => name === "amount" || total[name] > 0).map((name) =>
        h("div", { "data-total": name }, h("dt", {}, t(`report.${name}`)), h("dd", {}, number(total[name]))),
      ),
    );
  }

  function pager({ start, count }, size, { t, number }) {
    const last = Math.min(start + size, count);
    const turn = (key, to, label, path) =>
      h(
        "button",
        {
          class: "button",
          type: "button",
          "data-key": key,
          "aria-label": label,
          title: label,
          disabled: to < 0 || to >= count,
          onclick: () => act.turn(to),
        },
        icon(path),
      );
    return h(
      "nav",
      { class: "pager", "aria-label": t("report.pages") },
      count > size ? turn("previous", start - size, t("report.previous"), icons.left) : "",
      h(
        "span",
        {},
        count > size
          ? t("report.range", { from: number(start + 1), to: number(last), n: number(count) })
          : t("report.rows", { count, n: number(count) }),
      ),
      count > size ? turn("next", start + size, t("report.next"), icons.right) : "",
    );
  }

  function table({ columns, lines, most }, { sort, field }, words) {
    const { t, number } = words;
    const head = (by, label, kind) =>
      h(
        "th",
        { scope: "col", role: "columnheader", class: kind, "aria-sort": sort[0] === by ? sort[1] : null },
        h(
          "button",
          { class: "sort", type: "button", "data-key": `sort-${by}`, onclick: () => act.sort(by) },
          label,
          h("span", { class: "sort-mark", "aria-hidden": "true" }),
        ),
      );
    // On a small screen the rows are laid out as a list; the roles say that it is a table all the same.
    return h(
      "table",
      { class: `lines ${columns.length > 1 ? "has-text" : ""}`, role: "table" },
      h("caption", { class: "hidden" }, t("report.title")),
      h(
        "thead",
        { role: "rowgroup" },
        h(
          "tr",
          { role: "row" },
          columns.map((name, index) => head(String(index), t(`field.${name}`), index === 0 ? "is-key" : "is-text")),
          NUMBERS.map((name) => head(name, t(`report.${name}`), `is-number is-${name}`)),
        ),
      ),
      h(
        "tbody",
        { role: "rowgroup" },
        lines.map((line) =>
          h(
            "tr",
            { role: "row" },
            h("th", { scope: "row", role: "rowheader", class: "is-key" }, named(field, line.keys[0], words)),
            columns.length > 1 ? h("td", { role: "cell", class: "is-text" }, text(line, words)) : "",
            NUMBERS.map((name) =>
              h(
                "td",
                { role: "cell", class: `is-number is-${name}` },
                number(line[name]),
                name === "amount" ? bar(line, most) : "",
              ),
            ),
          ),
        ),
      ),
    );
  }

  /** The words on two lines; all of them, an example and the other numbers on hover, focus and tap. */
  function text(line, words) {
    const { t, number } = words;
    const reply = line.keys[1] || t("report.noText");
    const button = h("button", { class: "bounce-text", type: "button", "aria-describedby": "report-tip" }, reply);
    tip.attach(button, () => [
      h("span", { class: "tip-text" }, reply),
      h("span", { class: "tip-meaning" }, meaning(line, words.locale)),
      line.example && line.example !== line.keys[1]
        ? h("span", { class: "tip-rule" }, `${t("report.example")} ${line.example}`)
        : "",
      h(
        "span",
        { class: "tip-numbers" },
        ALL.map((name) => h("span", {}, `${t(`report.${name}`)} `, h("b", {}, number(line[name])))),
      ),
    ]);
    return button;
  }

  return { draw };
}

/** How much of the most, and how much of it is hard; the numbers say the same. */
function bar({ amount, hard, soft }, most) {
  const part = (name, count) => {
    const element = h("span", { class: `bar-${name}` });
    element.style.setProperty("--share", String(count / most));
    return element;
  };
  return h(
    "span",
    { class: "bar", "aria-hidden": "true" },
    part("hard", hard),
    part("soft", soft),
    part("rest", Math.max(0, amount - hard - soft)),
  );
}

/** What the words of a line mean by themselves. */
function meaning({ keys, example }, locale) {
  const [verdict] = read(example || keys[1]).verdicts;
  return verdict ? adviceOn(verdict, locale).title : "";
}

/** A key as people know it. */
function named(field, key, { t, locale, day }) {
  if (key === "") return h("span", { class: "aside" }, t("report.unnamed"));
  if (field === "category") return categoryTitle(key, locale);
  if (field === "reason") return adviceOnReason(reasonInfo(key), locale).title;
  if (field === "day") return day(Date.parse(key));
  return key;
}
