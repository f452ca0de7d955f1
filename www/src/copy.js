// A button that copies a text and says so.

import { h, icon, icons } from "./dom.js";

/**
 * @param {import("./locale.js").Words} words
 * @param {string} label
 * @param {() => string} text made when the button is pressed
 */
export function copyButton({ t }, label, text) {
  const name = h("span", {}, label);
  const button = h("button", { class: "button", type: "button", onclick: press }, icon(icons.copy), name);
  let timer;
  async function press() {
    const done = await copy(text());
    name.textContent = t(done ? "copy.done" : "copy.failed");
    button.classList.toggle("is-done", done);
    clearTimeout(timer);
    timer = setTimeout(() => {
      name.textContent = label;
      button.classList.remove("is-done");
    }, 1800);
  }
  name.setAttribute("aria-live", "polite");
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** For pages that are not served over HTTPS, where there is no clipboard to write to. */
function copyBySelection(text) {
  const before = document.activeElement;
  const area = h("textarea", { class: "hidden", "aria-hidden": "true", tabindex: "-1" });
  area.value = text;
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    before?.focus({ preventScroll: true });
  }
}
