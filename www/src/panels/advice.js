// What to do, for three readers: who sends campaigns, who runs the mail server, and the postmaster
// on the other side, to whom a note is ready.

import { copyButton } from "../copy.js";
import { arrowTarget, h } from "../dom.js";
import { reasonInfo, redactedNote } from "../reader.js";

/**
 * @param {HTMLElement} host
 * @param {import("../main.js").Act} act
 */
export function advicePanel(host, act) {
  host.className = "advice card";
  let tabs = [];

  function draw({ advice, verdict, reader, words }) {
    const { t } = words;
    const views = [
      ["marketer", list(advice.steps.marketer, t)],
      ["administrator", [list(advice.steps.administrator, t), help(verdict.reason, t)]],
      ["note", note(advice.note, verdict, words)],
    ];
    tabs = views.map(([id]) =>
      h(
        "button",
        {
          class: "tab",
          type: "button",
          role: "tab",
          id: `tab-${id}`,
          "aria-controls": `for-${id}`,
          onclick: () => act("readAs", id),
        },
        t(`reader.${id}`),
      ),
    );
    host.replaceChildren(
      h("h3", { class: "small-title", id: "advice-title" }, t("advice.title")),
      h("div", { class: "tabs", role: "tablist", "aria-labelledby": "advice-title", onkeydown: walk }, tabs),
      ...views.map(([id, body]) =>
        h(
          "div",
          {
            class: "tab-body",
            role: "tabpanel",
            id: `for-${id}`,
            "aria-labelledby": `tab-${id}`,
            tabindex: "0",
            "data-title": t(`reader.${id}`),
          },
          body,
        ),
      ),
    );
    open(reader);
  }

  function open(reader) {
    const chosen = tabs.find((tab) => tab.id === `tab-${reader}`) ?? tabs[0];
    for (const tab of tabs) {
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      host.querySelector(`#${tab.getAttribute("aria-controls")}`).classList.toggle("is-closed", tab !== chosen);
    }
  }

  function walk(event) {
    const target = arrowTarget(event, tabs);
    if (!target) return;
    act("readAs", target.id.replace("tab-", ""));
    target.focus();
  }

  return (state, before) => {
    host.hidden = !state.advice || isEmpty(state.advice);
    if (host.hidden) return;
    if (state.advice !== before.advice || state.words !== before.words) draw(state);
    else if (state.reader !== before.reader) open(state.reader);
  };
}

const isEmpty = ({ steps, note }) => steps.marketer.length + steps.administrator.length === 0 && !note;

const list = (steps, t) =>
  steps.length > 0
    ? h(
        "ul",
        { class: "steps" },
        steps.map((step) => h("li", {}, step)),
      )
    : h("p", { class: "aside" }, t("advice.nothing"));

/** Where the rules behind a reason are written down; followed only when the reader does. */
function help(reason, t) {
  const links = reasonInfo(reason)?.help ?? [];
  if (links.length === 0) return "";
  const named = links.map((href) =>
    h(
      "li",
      {},
      h("a", { href, target: "_blank", rel: "noopener noreferrer" }, href.replace(/^https?:\/\/(www\.)?/, "")),
    ),
  );
  return [h("h4", { class: "help-title" }, t("advice.help")), h("ul", { class: "help" }, named)];
}

function note(text, verdict, words) {
  const { t, locale } = words;
  if (!text) return h("p", { class: "aside" }, t("advice.noNote"));
  const hidden = verdict.recipient ? redactedNote(verdict, locale) : text;
  const quote = h("blockquote", { class: "note" }, text);
  const redact = h("input", {
    type: "checkbox",
    onchange: () => quote.replaceChildren(redact.checked ? hidden : text),
  });
  return [
    h("p", { class: "aside" }, t("advice.noteHint")),
    quote,
    h(
      "div",
      { class: "note-foot" },
      copyButton(words, t("copy.note"), () => quote.textContent),
      hidden === text ? "" : h("label", { class: "check" }, redact, t("advice.redact")),
    ),
  ];
}
