// What was read, and what was not and why: nothing is left out without a word.

import { h } from "../dom.js";
import { kindTitle } from "../reader.js";

/** Longer lists of files are cut in the middle of the good ones, never of those that failed. */
const SHOWN = 100;

/**
 * @param {HTMLElement} host
 * @param {object | null} overview
 * @param {import("../locale.js").Words} words
 */
export function filesRead(host, overview, words) {
  host.hidden = overview === null;
  if (overview === null) return host.replaceChildren();
  const { t, number } = words;
  const failed = overview.files.filter(({ why }) => why !== null);
  const good = overview.files.filter(({ why }) => why === null);
  const others = new Map();
  for (const { kinds } of overview.files) {
    for (const [kind, amount] of Object.entries(kinds)) {
      if (kind !== "bounce" && kind !== "delay") others.set(kind, (others.get(kind) ?? 0) + amount);
    }
  }
  const listed = [...failed, ...good].slice(0, Math.max(SHOWN, failed.length));
  const rest = overview.files.length - listed.length;
  host.className = "report-read";
  host.replaceChildren(
    h(
      "p",
      { class: "report-sum" },
      h("strong", {}, t("report.tries", { count: overview.counted, n: number(overview.counted) })),
      ` ${t("report.infiles", { count: overview.files.length, n: number(overview.files.length) })}`,
      overview.from === null ? "" : `, ${period(overview, words)}`,
    ),
    overview.counted === 0 ? h("p", { class: "callout" }, t("report.nothing")) : "",
    failed.length > 0
      ? h("p", { class: "callout" }, t("report.skipped", { count: failed.length, n: number(failed.length) }))
      : "",
    h(
      "details",
      { class: "more", open: failed.length > 0 || overview.counted === 0 },
      h("summary", {}, t("report.details")),
      others.size > 0
        ? h(
            "p",
            { class: "aside" },
            t("report.others", {
              list: [...others].map(([kind, n]) => `${nameOf(kind, words)} ${number(n)}`).join(", "),
            }),
          )
        : "",
      h(
        "ul",
        { class: "files" },
        listed.map((file) => entry(file, words)),
        rest > 0 ? h("li", { class: "aside" }, t("records.more", { count: rest, n: number(rest) })) : "",
      ),
    ),
  );
}

function entry({ path, records, counted, why, what }, { t, number }) {
  const figures = t("report.figures", { count: records, records: number(records), counted: number(counted) });
  return h(
    "li",
    { class: why === null ? "" : "is-skipped" },
    h("span", { class: "file-path" }, path),
    why === null
      ? h("span", { class: "aside" }, figures)
      : h("span", { class: "file-why" }, [t(`report.why.${why}`, { what }), records > 0 ? ` ${figures}` : ""]),
  );
}

const nameOf = (kind, { t, locale }) => (kind === "inbound" ? t("report.inbound") : kindTitle(kind, locale));

const period = ({ from, until }, { locale }) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).formatRange(from, until);
