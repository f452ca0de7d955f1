// The verdict as JSON or Markdown, for a ticket, a chat or a test; and the text as a link, with what it
// will say to see before it is sent.

import { linkTo } from "../address.js";
import { copyButton } from "../copy.js";
import { h } from "../dom.js";
import { fold, LONGEST, redact } from "../link.js";
import { markdown } from "../markdown.js";
import { unchanged } from "../state.js";

/** @param {HTMLElement} host */
export function sharePanel(host) {
  host.className = "share";
  return (state, before) => {
    if (unchanged(state, before, "verdict", "advice", "words")) return;
    const { verdict, advice, text, words } = state;
    host.hidden = !verdict;
    if (!verdict) return;
    const { t } = words;
    const open = host.querySelector("details")?.open ?? false;
    host.replaceChildren(
      copyButton(words, t("copy.json"), () => `${JSON.stringify(verdict, null, 2)}\n`),
      copyButton(words, t("copy.markdown"), () => markdown(verdict, advice, words)),
      folding(open, text, words),
    );
  };
}

/** Nothing is folded until somebody looks. */
function folding(open, text, words) {
  const body = h("div", { class: "share-body" });
  const details = h(
    "details",
    {
      class: "more share-link",
      open,
      ontoggle: () => details.open && body.children.length === 0 && body.append(...link(text, words)),
    },
    h("summary", {}, words.t("share.title")),
    body,
  );
  return details;
}

function link(text, words) {
  const { t } = words;
  if (text.length > LONGEST) return [h("p", { class: "aside" }, t("share.tooLong"))];
  const preview = h("div", { class: "preview", tabindex: "0", role: "group", "aria-label": t("share.preview") });
  const hide = h("input", { type: "checkbox", checked: true, onchange: show });
  let address = "";
  const button = copyButton(words, t("share.copy"), () => address);
  async function show() {
    const sent = hide.checked ? redact(text) : text;
    preview.textContent = sent;
    button.disabled = true;
    const folded = await fold(sent);
    // A later choice may be there already.
    if (preview.textContent !== sent) return;
    address = new URL(linkTo("text", folded), location.href).href;
    button.disabled = false;
  }
  show();
  return [
    h("p", { class: "aside" }, t("share.hint")),
    preview,
    h(
      "div",
      { class: "note-foot" },
      button,
      redact(text) === text ? "" : h("label", { class: "check" }, hide, t("share.redact")),
    ),
  ];
}
