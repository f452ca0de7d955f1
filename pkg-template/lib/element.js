// An element that shows the verdict on its text. Whatever a bounce contains becomes text and nothing else.

import { FAULT_WORDS } from "./faults.js";
import { LOCALES } from "./locales.js";

const STYLE = `
:host { display: block; color: var(--bounce-lens-text, CanvasText); font: var(--bounce-lens-font, inherit); }
:host([hidden]) { display: none; }
[part="verdict"] { padding: var(--bounce-lens-space, 1em); border: 1px solid var(--bounce-lens-line, GrayText);
  border-radius: var(--bounce-lens-radius, 0.5em); background: var(--bounce-lens-ground, Canvas); }
[part="verdict"] > * { margin: 0 0 0.6em; }
[part="verdict"] > :last-child { margin-bottom: 0; }
[part="text"] { margin: 0 0 0.8em; white-space: pre-wrap; overflow-wrap: anywhere; }
[part="badge"] { display: inline-block; padding: 0 0.6em; border: 0.15em solid; border-radius: 1em; font-weight: bold;
  color: var(--bounce-lens-none, CanvasText); }
.hard [part="badge"] { color: var(--bounce-lens-hard, light-dark(#a3123a, #ff9fb0)); }
.soft [part="badge"] { color: var(--bounce-lens-soft, light-dark(#7a4b00, #f5c26b)); border-style: dashed; }
[part="title"] { font-size: 1.25em; font-weight: bold; }
[part="facts"] { display: grid; grid-template-columns: max-content 1fr; gap: 0.2em 1em; }
dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; font-weight: bold; }
[part="word"] { overflow-wrap: anywhere; }
.status { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

/** The sheet, one for all elements: made when the first is shown, since servers have none. */
let sheet;

function styled(root) {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
  }
  root.adoptedStyleSheets = [sheet];
}

function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** On a server the module can be loaded too. */
const Base = globalThis.HTMLElement ?? class {};

/**
 * @param {object} api of the package
 * @returns {typeof HTMLElement}
 */
export const bindElement = ({ init, classify, advise }) => class BounceLens extends Base {
  // Not `form`: that names the form which an element belongs to.
  static observedAttributes = ["text", "read-as", "locale"];
  static formAssociated = true;

  #internals;
  #text = null;
  #rules;
  #verdict = null;
  #asked = false;
  #observer;
  #slot;
  #place;
  #status;

  constructor() {
    super();
    this.#internals = this.attachInternals();
  }

  /** What is read: what was set, or the attribute, or the text within the element. */
  get text() {
    return this.#text ?? this.getAttribute("text") ?? this.textContent;
  }

  set text(value) {
    this.#text = value === null || value === undefined ? null : `${value}`;
    this.#ask();
  }

  /** Rules of one's own: what `createRules` of `bouncelens/regex` gives. */
  get rules() {
    return this.#rules;
  }

  set rules(value) {
    this.#rules = value;
    this.#ask();
  }

  /** What is shown; `null` before there is anything. */
  get verdict() {
    return this.#verdict;
  }

  get locale() {
    return this.getAttribute("locale") ?? this.closest("[lang]")?.getAttribute("lang") ?? (document.documentElement.lang || "en");
  }

  set locale(value) {
    this.setAttribute("locale", value);
  }

  connectedCallback() {
    // Frameworks may set a property before the element is registered: it would hide ours.
    for (const name of ["text", "rules", "locale"]) {
      if (!Object.hasOwn(this, name)) continue;
      const { [name]: value } = this;
      delete this[name];
      this[name] = value;
    }
    if (!this.shadowRoot) {
      const root = this.attachShadow({ mode: "open" });
      styled(root);
      this.#slot = h("div", { part: "text" }, h("slot", {}));
      this.#place = h("div", {});
      this.#status = h("p", { class: "status", role: "status" });
      root.append(this.#slot, this.#place, this.#status);
    }
    this.#observer ??= new MutationObserver(() => this.#ask());
    this.#observer.observe(this, { characterData: true, childList: true, subtree: true });
    // A page may change its language.
    this.#observer.observe(document.documentElement, { attributeFilter: ["lang"] });
    this.#ask();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
  }

  attributeChangedCallback() {
    this.#ask();
  }

  /** Once, however many things change at a time. */
  #ask() {
    if (this.#asked || !this.isConnected) return;
    this.#asked = true;
    queueMicrotask(() => this.#answer());
  }

  async #answer() {
    try {
      await init(undefined, { desk: false });
      this.#asked = false;
      if (!this.isConnected) return;
      const { text } = this;
      const form = this.getAttribute("read-as") ?? undefined;
      this.#verdict = text.trim() === "" ? null : classify(text, { form, rules: this.#rules });
      this.#show();
      this.#tell("verdict", this.#verdict);
    } catch (error) {
      this.#asked = false;
      this.#verdict = null;
      this.#place.replaceChildren(h("p", { part: "trouble", role: "alert" }, error.message));
      this.#tell("trouble", error);
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #show() {
    const verdict = this.#verdict;
    this.#slot.hidden = this.textContent.trim() === "";
    this.#internals.setFormValue?.(verdict === null ? null : verdict.reason ?? verdict.kind);
    this.#mark(verdict);
    if (verdict === null) {
      this.#place.replaceChildren();
      this.#status.textContent = "";
      return;
    }
    const language = languageOf(this.locale);
    const advice = advise(verdict, language);
    const badge = advice.comparison?.title ?? null;
    const words = [badge, advice.title].filter((each) => each !== null).join(": ");
    this.#place.replaceChildren(panel(verdict, advice, badge, LOCALES[language].labels));
    // Read out only where it has changed.
    if (this.#status.textContent !== words) this.#status.textContent = words;
    this.#place.lang = this.#status.lang = language;
  }

  /** `:state(hard)`, where the browser knows such. */
  #mark(verdict) {
    const { states } = this.#internals;
    if (states === undefined) return;
    states.clear();
    for (const state of [verdict?.kind, verdict?.type]) if (state) states.add(state);
  }
};

/** The language of a locale, where there is advice in it. */
function languageOf(locale) {
  const language = `${locale}`.split(/[-_]/)[0].toLowerCase();
  return Object.hasOwn(LOCALES, language) ? language : "en";
}

function panel(verdict, advice, badge, labels) {
  const { kind, type, category, reason, fault, confidence, likelyHard, because } = verdict;
  const percent = new Intl.NumberFormat(advice.locale, { style: "percent" }).format(confidence);
  const facts = [
    reason === null ? null : [labels.why, h("code", { part: "reason" }, `${category} / ${reason}`)],
    kind !== "bounce" && kind !== "delay" ? null : [labels.fault, FAULT_WORDS[advice.locale][fault]],
    [labels.confidence, percent],
  ];
  const words = because.filter(({ text }) => text !== "");
  return h(
    "section",
    { part: "verdict", class: type ?? "none", "aria-labelledby": "title" },
    badge === null ? null : h("p", { part: "badge" }, badge),
    h("p", { part: "title", id: "title" }, advice.title),
    advice.summary === "" ? null : h("p", { part: "summary" }, advice.summary),
    likelyHard ? h("p", { part: "likely-hard" }, labels.likely_hard) : null,
    h("dl", { part: "facts" }, ...facts.filter((fact) => fact !== null).flatMap(([label, value]) => [h("dt", {}, label), h("dd", {}, value)])),
    steps(advice.steps, labels),
    words.length === 0 ? null : h("details", { part: "evidence" }, h("summary", {}, labels.evidence), h("ul", {}, ...words.map((link) => word(link, labels)))),
  );
}

function steps({ marketer, administrator }, labels) {
  const groups = [[labels.marketer, marketer], [labels.admin, administrator]].filter(([, list]) => list.length > 0);
  if (groups.length === 0) return null;
  const group = ([label, list]) => [h("p", {}, label), h("ul", {}, ...list.map((step) => h("li", {}, step)))];
  return h("details", { part: "steps" }, h("summary", {}, labels.advice), ...groups.flatMap(group));
}

const word = ({ text, role }, labels) =>
  h("li", {}, h("q", { part: "word", dir: "auto" }, text), role === "contradicts" ? ` (${labels.contradicts})` : null);
