// What the text states: codes, who spoke, to whom, when to try again, and the second reading.

import { h } from "../dom.js";
import { adviceOnReason, categoryTitle, reasonInfo, statusMeaning } from "../reader.js";
import { unchanged } from "../state.js";

/** @param {HTMLElement} host */
export function factsPanel(host) {
  host.className = "facts card";
  return (state, before) => {
    if (unchanged(state, before, "verdict", "words")) return;
    const { verdict, words } = state;
    const rows = verdict ? facts(verdict, words) : [];
    host.hidden = rows.length === 0;
    host.replaceChildren(
      h("h3", { class: "small-title" }, words.t("facts.title")),
      h(
        "dl",
        {},
        rows.map(([name, value, more, lang = null]) =>
          h(
            "div",
            { "data-fact": name },
            h("dt", {}, words.t(`fact.${name}`)),
            h(
              "dd",
              {},
              h("span", { class: "fact-value" }, value),
              more ? h("span", { class: "fact-more", lang }, more) : "",
            ),
          ),
        ),
      ),
    );
  };
}

/** @returns {[name: string, value: string, more?: string, lang?: string | null][]} */
function facts(verdict, words) {
  const { t } = words;
  const named = (reason) =>
    reason && [
      adviceOnReason(reasonInfo(reason), words.locale).title,
      categoryTitle(reasonInfo(reason).category, words.locale),
    ];
  const status = statusMeaning(verdict, words.locale);
  return [
    ["retry", ...retry(verdict, words)],
    ["code", verdict.code && String(verdict.code), verdict.code && replyMeaning(verdict.code, t)],
    ["status", verdict.status, status.text, status.lang],
    ["cause", ...(named(verdict.cause) ?? [])],
    ["recipient", verdict.recipient],
    ["originalRecipient", verdict.originalRecipient],
    ["provider", verdict.provider && titled(verdict.provider)],
    ["remoteHost", verdict.remoteHost],
    ["reportingHost", verdict.reportingHost],
    ["command", verdict.command && t(`command.${verdict.command}`)],
    ["runnerUp", ...(named(verdict.runnerUp?.reason) ?? [])],
  ].filter(([, value]) => value);
}

/** The delay that the reply states, else the usual schedule of its reason, else what a try waits for. */
function retry(verdict, words) {
  const { t, duration } = words;
  if (verdict.retryAfter !== null)
    return [`${verdict.retryAfter} s`, t("retry.stated", { duration: duration(verdict.retryAfter) })];
  const info = verdict.type && reasonInfo(verdict.reason);
  if (!info) return [];
  if (verdict.type === "hard") return [t("retry.never")];
  if (info.retry.length > 0) return [info.retry.map(duration).join(", "), t("retry.schedule")];
  return [t(info.when === "schedule" ? "retry.schedule.unknown" : `retry.${info.when}`)];
}

const replyMeaning = (code, t) =>
  t(code >= 500 ? "reply.permanent" : code >= 400 ? "reply.temporary" : "reply.success");

/** The ids of providers are names already; the shortest are initials. */
const titled = (id) =>
  id
    .split("-")
    .map((word) => (word.length <= 3 ? word.toUpperCase() : word[0].toUpperCase() + word.slice(1)))
    .join(" ");
