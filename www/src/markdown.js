// A verdict as Markdown, for tickets and chats.

import { categoryTitle, kindTitle, statusMeaning } from "./reader.js";

/** @typedef {import("./locale.js").Words} Words */

/**
 * @param {import("./reader.js").Verdict} verdict
 * @param {import("./reader.js").Advice} advice
 * @param {Words} words
 * @returns {string}
 */
export function markdown(verdict, advice, { t, percent, duration, locale }) {
  const facts = [
    [t("fact.kind"), kindTitle(verdict.kind, locale)],
    verdict.category && [
      t("fact.category"),
      `${categoryTitle(verdict.category, locale)} (\`${verdict.category}/${verdict.reason}\`)`,
    ],
    verdict.type && [t("fact.type"), t(`type.${verdict.type}`)],
    [t("fact.fault"), t(`fault.${verdict.fault}`)],
    [t("fact.confidence"), percent(verdict.confidence)],
    verdict.retryAfter !== null && [t("fact.retry"), `${verdict.retryAfter} s (${duration(verdict.retryAfter)})`],
    verdict.code && [t("fact.code"), String(verdict.code)],
    verdict.status && [t("fact.status"), [verdict.status, statusMeaning(verdict, locale).text].filter(Boolean).join(": ")],
    verdict.recipient && [t("fact.recipient"), code(verdict.recipient)],
    verdict.provider && [t("fact.provider"), verdict.provider],
  ].filter(Boolean);
  const because = verdict.because.map(
    ({ rule, role, text }) => `- ${t(`role.${role}`)}: ${code(rule)}${text ? `: ${code(text)}` : ""}`,
  );
  return (
    [
      `## ${advice.title}`,
      advice.summary || t(`kind.${verdict.kind}`),
      facts.map(([name, value]) => `- **${name}**: ${value}`).join("\n"),
      ...steps(t("reader.marketer"), advice.steps.marketer),
      ...steps(t("reader.administrator"), advice.steps.administrator),
      ...(because.length > 0 ? [`### ${t("evidence.title")}`, because.join("\n")] : []),
      ...(verdict.diagnostic ? [fence(verdict.diagnostic)] : []),
    ].join("\n\n") + "\n"
  );
}

const steps = (title, list) => (list.length > 0 ? [`### ${title}`, list.map((step) => `- ${step}`).join("\n")] : []);

/** Words as code, whatever backticks and line breaks they hold. */
function code(text) {
  const line = text.replace(/\s+/g, " ");
  const ticks = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

function fence(text) {
  const ticks = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}text\n${text.trimEnd()}\n${ticks}`;
}

const longestRun = (text) => Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
