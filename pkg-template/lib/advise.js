// A verdict in words for people. The words are data (`data/advice/`); here they are only chosen and
// their placeholders filled.

import { failure, named } from "./error.js";
import { DELISTING, POSTMASTERS } from "./links.js";
import { LOCALES } from "./locales.js";

const REFERENCE = "en";

/** The languages there are, in alphabetical order. */
export const locales = /* @__PURE__ */ Object.freeze(/* @__PURE__ */ Object.keys(LOCALES));

export function advise(verdict, locale = REFERENCE, options = {}) {
  if (verdict === null || typeof verdict !== "object") throw failure("bad-input", `the verdict must be an object, not ${named(verdict)}`);
  const chosen = find(locale);
  const { redact: redacted = false } = checked(options);
  // What a language lacks is in English.
  const entry = (group, key) => LOCALES[chosen][group]?.[key] ?? LOCALES[REFERENCE][group]?.[key];
  const reason = entry("reasons", verdict.reason);
  const category = entry("categories", verdict.category);
  const facts = factsOf(verdict, chosen, redacted);
  return {
    locale: chosen,
    title: reason?.title ?? category?.title ?? entry("labels", `${verdict.kind}`.replaceAll("-", "_")) ?? "",
    summary: reason?.summary ?? category?.summary ?? "",
    steps: {
      marketer: (reason?.marketer ?? []).map((step) => fillSentences(step, facts)),
      administrator: (reason?.admin ?? []).map((step) => fillSentences(step, facts)),
    },
    note: reason?.note === undefined ? null : fillNote(reason.note, facts),
    comparison: entry("types", verdict.type) ?? null,
    links: linksOf(verdict),
    tips: verdict.type === "soft" || verdict.type === "hard" ? entry("tips", "items") ?? [] : [],
  };
}

function checked(options) {
  if (options === null || typeof options !== "object") throw failure("bad-option", `the options must be an object, not ${named(options)}`);
  for (const key of Object.keys(options)) {
    if (key !== "redact") throw failure("unknown-option", `unknown option \`${key}\`; known: redact`);
  }
  if (options.redact !== undefined && typeof options.redact !== "boolean") throw failure("bad-option", `option \`redact\` must be true or false, not ${named(options.redact)}`);
  return options;
}

/** What the id of a rule begins with that names a list. */
const LIST = "blocklist/";

/** Where to ask: the lists that the reply names, and who refused. */
function linksOf({ because = [], provider }) {
  const named = because.filter(({ rule }) => rule.startsWith(LIST)).map(({ rule }) => rule.slice(LIST.length));
  const lists = new Set(named.filter((name) => Object.hasOwn(DELISTING, name)));
  const links = Array.from(lists, (name) => ({ kind: "delisting", name, url: DELISTING[name] }));
  if (Object.hasOwn(POSTMASTERS, provider)) links.push({ kind: "postmaster", ...POSTMASTERS[provider] });
  return links;
}

/** `it-CH` falls back to `it`. */
function find(locale) {
  if (typeof locale === "string") {
    for (let tag = locale.replaceAll("_", "-"); tag !== ""; tag = tag.slice(0, Math.max(0, tag.lastIndexOf("-")))) {
      const known = locales.find((each) => each.toLowerCase() === tag.toLowerCase());
      if (known !== undefined) return known;
    }
  }
  throw failure("unknown-locale", `unknown locale ${named(locale)}; known: ${locales.join(", ")}`);
}

/** What stands for the placeholders, as far as it is known. */
function factsOf(verdict, locale, redacted) {
  const { recipient: whole } = verdict;
  const domain = whole?.includes("@") ? whole.slice(whole.lastIndexOf("@") + 1) : undefined;
  const recipient = redacted && domain !== undefined ? `…@${domain}` : whole ?? undefined;
  const codes = [verdict.code, verdict.status].filter((code) => code !== null && code !== undefined);
  const listed = verdict.because?.find((link) => link.rule.startsWith(LIST));
  return {
    recipient,
    domain,
    code: codes.length > 0 ? codes.join(" ") : undefined,
    diagnostic: verdict.diagnostic ? redact(verdict.diagnostic, recipient) : undefined,
    host: verdict.remoteHost ?? undefined,
    list: listed?.rule.slice(LIST.length),
    wait: verdict.retryAfter === null || verdict.retryAfter === undefined ? undefined : duration(verdict.retryAfter, locale),
  };
}

const PLACEHOLDER = /\{([a-z]+)\}/;
// A sentence ends at a full stop, a question or exclamation mark before a space.
const SENTENCE = /(?<=[.!?。！？])\s+/u;

/** The texts of the locales taken apart, once each: words and, at every odd place, the name of a placeholder. */
const SENTENCES = /* @__PURE__ */ new Map();
const NOTES = /* @__PURE__ */ new Map();

function kept(map, text, make) {
  let parts = map.get(text);
  if (parts === undefined) map.set(text, (parts = make(text)));
  return parts;
}

const apart = (text) => text.split(PLACEHOLDER);

/** A sentence whose placeholder is not known is left out. */
function fillSentences(text, facts) {
  let filled = "";
  for (const parts of kept(SENTENCES, text, (whole) => whole.split(SENTENCE).map(apart))) {
    const sentence = fill(parts, facts);
    if (sentence) filled += filled === "" ? sentence : ` ${sentence}`;
  }
  return filled;
}

function fill(parts, facts) {
  let filled = parts[0];
  for (let i = 1; i < parts.length; i += 2) {
    const fact = facts[parts[i]];
    if (fact === undefined) return undefined;
    filled += fact + parts[i + 1];
  }
  return filled;
}

/** In a note what is not known stands in brackets, for the writer to fill in. */
const fillNote = (text, facts) =>
  kept(NOTES, text, apart).map((part, i) => (i % 2 === 0 ? part : facts[part] ?? `[${part}]`)).join("");

/** The words of the reply on one line, without the addresses of anybody but the recipient. */
function redact(diagnostic, recipient) {
  const words = diagnostic.replace(/\s+/g, " ").trim();
  const short = words.length > 400 ? `${words.slice(0, 399)}…` : words;
  if (!short.includes("@")) return short;
  return short.replace(/[^\s<>"'(),:;[\]]{1,64}@(?=[\w-])/g, (local, at) =>
    recipient !== undefined && short.slice(at, at + recipient.length).toLowerCase() === recipient.toLowerCase() ? local : "…@");
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** How a locale says so many of a unit: what knows it costs more to make than the rest of an advice. */
const DURATIONS = /* @__PURE__ */ new Map();

/** 120 is “2 minutes” in the reader's language. */
function duration(seconds, locale) {
  const [unit, size] = UNITS.find(([, each]) => seconds >= each && seconds % each === 0) ?? UNITS.at(-1);
  const format = kept(DURATIONS, `${locale} ${unit}`, () => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }));
  return format.format(seconds / size);
}
