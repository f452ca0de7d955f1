// The page in one place: what it knows, and which panel shows it. State flows down to the panels,
// what the reader does comes up as `act(…)`.

import { leaveText, placeOf } from "./address.js";
import { h } from "./dom.js";
import { exampleText } from "./examples.js";
import { unfold } from "./link.js";
import { englishWords, loadWords, preferredLocale, store, stored, translatePage } from "./locale.js";
import { keepForLater } from "./offline/start.js";
import { adviceOn, categories, learn, read, reasons, start, startDesk } from "./reader.js";
import { advicePanel } from "./panels/advice.js";
import { announcer } from "./panels/announcer.js";
import { comparisonPanel } from "./panels/comparison.js";
import { decisionsPanel } from "./panels/decisions.js";
import { evidencePanel } from "./panels/evidence.js";
import { examplesPanel } from "./panels/examples.js";
import { factsPanel } from "./panels/facts.js";
import { pastePanel } from "./panels/paste.js";
import { recordsPanel } from "./panels/records.js";
import { referencePanel } from "./panels/reference.js";
import { settingsPanel } from "./panels/settings.js";
import { sharePanel } from "./panels/share.js";
import { tipsPanel } from "./panels/tips.js";
import { troublePanel } from "./panels/trouble.js";
import { verdictPanel } from "./panels/verdict.js";

/**
 * @typedef {object} State
 * @property {"starting" | "ready" | "failed"} status of the reader
 * @property {boolean} desk whether decisions can be asked
 * @property {string | null} trouble the code or words of an error
 * @property {string} text what was pasted
 * @property {string | null} source the name of the file that the text came from
 * @property {import("./reader.js").Verdict[]} verdicts
 * @property {number} selected which of them is shown
 * @property {import("./reader.js").Verdict | null} verdict the one that is shown
 * @property {import("./reader.js").Advice | null} advice on it
 * @property {number} softBefore how many soft bounces the address had before, as the reader says
 * @property {string} reader whose advice is open: marketer, administrator or note
 * @property {import("./address.js").Place} place
 * @property {import("./drop.js").Chosen[] | null} files that wait to be counted
 * @property {"auto" | "light" | "dark"} theme
 * @property {import("./locale.js").Words} words
 */

/** @type {State} */
let state = {
  status: "starting",
  desk: false,
  trouble: null,
  text: "",
  source: null,
  verdicts: [],
  selected: 0,
  verdict: null,
  advice: null,
  softBefore: 0,
  reader: stored("reader") ?? "marketer",
  place: placeOf(location.hash),
  files: null,
  theme: stored("theme") ?? "auto",
  words: englishWords,
};

/** What a reader can do. Each returns what changes. */
const actions = {
  write: (text, source = null) => {
    leaveText();
    return { text, source, place: placeOf(location.hash), ...reading(text) };
  },
  select: (selected) => ({ selected }),
  readAs: (reader) => {
    store("reader", reader);
    return { reader };
  },
  count: (files) => {
    location.hash = "report";
    // More may come while the report is loaded.
    return { files: [...(state.files ?? []), ...files] };
  },
  take: () => ({ files: null }),
  recall: (softBefore) => ({ softBefore }),
  speak: (locale) => {
    store("locale", locale);
    changeLanguage(locale);
    return {};
  },
  paint: (theme) => {
    store("theme", theme === "auto" ? null : theme);
    return { theme };
  },
  retry: () => {
    wake();
    return { status: "starting", trouble: null };
  },
  refuse: (trouble) => ({ trouble }),
};

/** @typedef {(action: keyof typeof actions, ...values: unknown[]) => void} Act */

/** @type {Act} */
function act(action, ...values) {
  change(actions[action](...values));
}

function reading(text) {
  if (state.status !== "ready") return { verdicts: [], selected: 0, trouble: state.trouble };
  const { verdicts, error } = read(text);
  return { verdicts, selected: firstFailed(verdicts), trouble: error };
}

/** What one looks for in a log: what failed, or else what has not arrived yet. */
function firstFailed(verdicts) {
  const first = (wanted) => verdicts.findIndex(({ kind }) => kind === wanted);
  return [first("bounce"), first("delay")].find((index) => index >= 0) ?? 0;
}

function change(changes) {
  const next = { ...state, ...changes };
  next.verdict = next.verdicts[next.selected] ?? null;
  if (next.verdict !== state.verdict || next.words !== state.words) {
    next.advice = next.verdict && adviceOn(next.verdict, next.words.locale);
  }
  const before = state;
  state = next;
  show(before);
  if (state.verdict && !before.verdict) decideToo();
}

/** What decides is loaded when there is something to decide. Without it the rest of the answer stands. */
async function decideToo() {
  if (state.desk) return;
  await startDesk().then(() => change({ desk: true }), () => {});
}

const element = (id) => document.getElementById(id);
const panels = [
  settingsPanel(element("settings"), act),
  pastePanel(element("drop"), act),
  ...[
    troublePanel,
    recordsPanel,
    verdictPanel,
    advicePanel,
    decisionsPanel,
    comparisonPanel,
    factsPanel,
    tipsPanel,
    sharePanel,
  ].map((panel) => {
    const host = document.createElement("div");
    element("answer").append(host);
    return panel(host, act);
  }),
  evidencePanel(element("evidence"), act),
  examplesPanel(element("examples"), act),
  referencePanel(element("view-reference"), act),
  later(
    element("view-report"),
    ({ place }) => place.view === "report",
    async () => (await import("./panels/report.js")).reportPanel,
  ),
  announcer(element("announcer"), act),
];

/** A panel that is loaded when it is first wanted. */
function later(host, wanted, load) {
  let panel = null;
  let loading = false;
  let tried = null;
  return (now, before) => {
    if (panel) return panel(now, before);
    // Once a visit: without the net it would fail again and again.
    if (loading || tried === now.place || !wanted(now)) return;
    loading = true;
    load().then(
      (loaded) => {
        host.replaceChildren();
        panel = loaded(host, act);
        panel(state, { words: null });
      },
      () => {
        loading = false;
        tried = state.place;
        host.replaceChildren(h("p", { class: "trouble", role: "alert" }, state.words.t("trouble.not-loaded")));
      },
    );
  };
}

/** Each panel gets the state and the one before, and touches the page only where they differ. */
function show(before) {
  if (state.words !== before?.words) translatePage(state.words);
  if (state.theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = state.theme;
  element("view-read").hidden = state.place.view !== "read";
  element("view-report").hidden = state.place.view !== "report";
  element("view-reference").hidden = state.place.view !== "reference";
  element("view-read").dataset.has = state.verdict ? "answer" : "nothing";
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === state.place.view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = [
    state.place.view === "read" ? state.advice?.title : state.words.t(`${state.place.view}.title`),
    "bouncelens",
  ]
    .filter(Boolean)
    .join(" · ");
  for (const panel of panels) panel(state, before ?? { words: null });
}

let wanted = "en";
async function changeLanguage(locale) {
  wanted = locale;
  const [words] = await Promise.all([loadWords(locale), learn(locale)]);
  if (locale === wanted) change({ words });
}

async function wake() {
  try {
    await start();
    change({ status: "ready", trouble: null });
    change(reading(state.text));
  } catch (error) {
    change({ status: "failed", trouble: error.code ?? String(error) });
  }
}

/** How far each view was scrolled when it was left. */
const scrolled = { read: 0, report: 0, reference: 0 };

async function follow() {
  const place = placeOf(location.hash);
  const turned = place.view !== state.place.view;
  if (turned) scrolled[state.place.view] = window.scrollY;
  change({ place });
  const text = place.open && textOf(place.open);
  if (text) change({ text, source: null, ...reading(text) });
  if (turned && !place.entry) window.scrollTo(0, text ? 0 : scrolled[place.view]);
  if (place.open?.what === "text") {
    const sent = await unfold(place.open.id);
    if (sent && state.place === place) change({ text: sent, source: null, ...reading(sent) });
  }
}

function textOf({ what, id }) {
  if (what === "example") return exampleText(id);
  const entries = { reason: reasons, category: categories }[what];
  return entries?.find((entry) => entry.id === id)?.example;
}

addEventListener("hashchange", follow);
element("skip").addEventListener("click", (event) => {
  event.preventDefault();
  element(state.place.view === "read" ? "paste" : "main").focus();
});
show(null);
const already = element("paste").value;
if (already && !state.place.open) change({ text: already });
follow();
wake();
keepForLater();
const locale = preferredLocale();
const spoken = locale === "en" ? Promise.resolve() : changeLanguage(locale);
spoken.catch(() => {}).then(() => delete document.documentElement.dataset.words);
