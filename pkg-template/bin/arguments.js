// The options of the command, checked.

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createLedger, locales, policies, summarise } from "../inline.js";
import { createStream } from "../stream.inline.js";

/** Something on the command line is wrong. */
export class Usage extends Error {}

const OPTIONS = {
  form: { type: "string" },
  lines: { type: "boolean" },
  rules: { type: "string" },
  json: { type: "boolean" },
  csv: { type: "boolean" },
  xlsx: { type: "string" },
  locale: { type: "string" },
  top: { type: "string" },
  policy: { type: "string", multiple: true },
  "group-by": { type: "string" },
  from: { type: "string" },
  until: { type: "string" },
  campaign: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
};
/** What each command takes beside files, `--help` and `--version`. */
const TAKES = {
  verdicts: ["form", "lines", "rules", "json", "csv", "xlsx", "locale", "policy"],
  report: ["form", "lines", "rules", "json", "csv", "xlsx", "top", "group-by", "from", "until", "campaign"],
  replay: ["form", "lines", "rules", "json", "csv", "xlsx", "top", "policy"],
  explain: ["form", "rules", "json"],
};

/**
 * @param {string[]} words after the name of the command
 * @param {Record<string, string | undefined>} environment
 * @param {boolean} [terminal] whether somebody would have to type the input
 * @throws {Usage}
 */
export function readArguments(words, environment, terminal = false) {
  const { values, positionals } = parsed(words);
  const named = Object.hasOwn(TAKES, positionals[0]) && positionals[0] !== "verdicts";
  const command = named ? positionals[0] : "verdicts";
  const paths = named ? positionals.slice(1) : positionals;
  const given = { command, paths: paths.length > 0 ? paths : ["-"], ...values };
  if (values.help || values.version) return given;
  for (const name of Object.keys(values)) {
    if (!TAKES[command].includes(name)) throw new Usage(`--${name} is no option of ${named ? command : "reading records"}`);
  }
  if (values.json && values.csv) throw new Usage("--json and --csv exclude each other");
  if (values.xlsx === "") throw new Usage("--xlsx needs the name of a file");
  if (paths.length === 0 && terminal) throw new Usage("no file is given, and nothing is piped in");
  return {
    ...given,
    locale: localeOf(values.locale, environment),
    top: topOf(values.top),
    reading: reading(values),
    policies: (values.policy ?? []).map(policyOf),
    report: command === "report" ? reportOf(values) : undefined,
  };
}

function parsed(words) {
  try {
    return parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const unknown = /^Unknown option '(.*?)'/.exec(error.message)?.[1];
    throw new Usage(unknown === undefined ? error.message : `unknown option ${unknown}`);
  }
}

/** What the package says of a value is said to whoever typed it. */
function tried(use) {
  try {
    return use();
  } catch (error) {
    throw error.code === undefined ? error : new Usage(error.message.replace("`groupBy`", "--group-by").replace("option `form`", "--form"));
  }
}

function reading({ form, lines = false }) {
  const options = { form, lines };
  tried(() => createStream(options));
  return options;
}

function localeOf(given, { LC_ALL, LC_MESSAGES, LANG }) {
  const language = (given ?? (LC_ALL || LC_MESSAGES || LANG || "en")).split(/[-_.@]/)[0].toLowerCase();
  if (locales.includes(language)) return language;
  if (given === undefined) return "en";
  throw new Usage(`unknown locale \`${given}\`; known: ${locales.join(", ")}`);
}

function topOf(given = "40") {
  if (/^\d{1,9}$/.test(given)) return Number(given) || Infinity;
  throw new Usage(`--top takes a number, not \`${given}\``);
}

/** A built-in policy, or one that stands in a file. */
function policyOf(given) {
  if (policies.some(({ id }) => id === given)) return { name: given, policy: given };
  const policy = jsonOf(given, () => `unknown policy \`${given}\`; known: ${policies.map(({ id }) => id).join(", ")}, or a file of JSON`);
  try {
    createLedger({ policy }).free();
  } catch (error) {
    throw new Usage(`${given}: ${error.message}`);
  }
  return { name: policy.id ?? given, policy };
}

/**
 * The user's own rules, that stand in a file.
 *
 * @throws {Usage}
 */
export async function rulesOf(path) {
  const list = jsonOf(path, (error) => `${path}: ${error.code === "ENOENT" ? "there is no such file" : error.message}`);
  const { createRules } = await import("../regex.inline.js");
  return createRules(list).catch((error) => {
    throw error.code === "bad-rule" ? new Usage(`${path}: ${error.message}`) : error;
  });
}

/** What a file of JSON says; `unread` tells what it means that there is none. */
function jsonOf(path, unread) {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new Usage(unread(error));
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Usage(`${path}: ${error.message}`);
  }
}

const DAY = 24 * 3600 * 1000;

function reportOf({ "group-by": fields = "from-domain,bounce-text", from, until, campaign }) {
  const options = { groupBy: fields.split(",").map((field) => field.trim()).filter((field) => field !== "") };
  if (from !== undefined) options.from = moment("from", from, 0);
  if (until !== undefined) options.until = moment("until", until, DAY);
  if (campaign !== undefined) options.campaign = campaign;
  tried(() => summarise([], options).free());
  return options;
}

/** A day, or a moment in ISO 8601. */
function moment(name, text, after) {
  const time = /^\d{4}-\d\d-\d\d(T|$)/.test(text) ? Date.parse(text) : NaN;
  const day = /^\d{4}-\d\d-\d\d$/.test(text);
  // Some readers take the 31st of February for a day of March.
  if (Number.isNaN(time) || (day && new Date(time).toISOString().slice(0, 10) !== text)) {
    throw new Usage(`--${name} takes a day such as 2026-05-01, not \`${text}\``);
  }
  return day ? time + after : time;
}
