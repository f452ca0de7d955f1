// The reader's language: five of them, the browser's own choice first, remembered once changed.

import english from "./strings/en.json";

/** The languages of the page, by their own names. */
export const languages = { en: "English", it: "Italiano", de: "Deutsch", fr: "Français", es: "Español" };

const loaders = import.meta.glob(["./strings/*.json", "!./strings/en.json"], { import: "default" });
const kept = { en: english };

/**
 * @typedef {object} Words
 * @property {string} locale
 * @property {(key: string, values?: Record<string, string | number>) => string} t
 *   The string of that key. `{name}` is filled in; with a `count`, `key.one` or `key.other` is taken.
 * @property {(key: string) => boolean} has
 * @property {(value: number) => string} number
 * @property {(value: number) => string} percent of 0 to 1
 * @property {(seconds: number) => string} duration in the two largest units: "1 hour 30 minutes"
 * @property {(seconds: readonly number[]) => string} times several of them: "7 minutes and 45 minutes"
 * @property {(time: number) => string} day of epoch milliseconds
 */

/** The language to start in. */
export function preferredLocale() {
  const wanted = [stored("locale"), ...(navigator.languages ?? [navigator.language])];
  for (const tag of wanted) {
    const locale = String(tag ?? "")
      .toLowerCase()
      .split("-")[0];
    if (Object.hasOwn(languages, locale)) return locale;
  }
  return "en";
}

/**
 * @param {string} locale
 * @returns {Promise<Words>}
 */
export async function loadWords(locale) {
  kept[locale] ??= await loaders[`./strings/${locale}.json`]();
  return words(locale, kept[locale]);
}

/** English, which is there from the first moment. */
export const englishWords = words("en", english);

function words(locale, strings) {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const t = (key, values = {}) => {
    const form = "count" in values ? `${key}.${plural.select(Number(values.count)) === "one" ? "one" : "other"}` : key;
    const text = strings[form] ?? english[form] ?? form;
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  };
  return {
    locale,
    t,
    has: (key) => Object.hasOwn(strings, key),
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
    duration: (seconds) => duration(locale, seconds),
    times: (seconds) => list.format(seconds.map((each) => duration(locale, each))),
    day: (time) => day.format(time),
  };
}

function duration(locale, seconds) {
  const units = [
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
    ["second", 1],
  ];
  const parts = [];
  let rest = seconds;
  for (const [unit, size] of units) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount > 0 && parts.length < 2) {
      parts.push(new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(amount));
    }
  }
  return parts.join(" ");
}

/** What the reader chose before, on this device. */
export function stored(name) {
  try {
    return localStorage.getItem(`bouncelens.${name}`);
  } catch {
    return null;
  }
}

/** Remembers a choice (never anything that was pasted). */
export function store(name, value) {
  try {
    if (value === null) localStorage.removeItem(`bouncelens.${name}`);
    else localStorage.setItem(`bouncelens.${name}`, value);
  } catch {
    // No storage: the choice lasts until the page is closed.
  }
}

/**
 * Puts the strings of a language into the parts of the page that stand in index.html.
 *
 * @param {Words} words
 */
export function translatePage({ locale, t }) {
  document.documentElement.lang = locale;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]"))
    element.setAttribute("aria-label", t(element.dataset.tLabel));
  for (const element of document.querySelectorAll("[data-t-placeholder]"))
    element.setAttribute("placeholder", t(element.dataset.tPlaceholder));
}
