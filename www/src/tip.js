// What a word or a cell has to say beyond what there is room for.

import { h } from "./dom.js";

/**
 * One tip for all that a panel attaches to it: it opens on hover, focus and tap, can be pointed at,
 * and Escape closes it.
 *
 * @param {HTMLElement} host positioned; the tip stands within its width
 * @param {string} id for `aria-describedby`
 */
export function tooltip(host, id) {
  const element = h("span", { class: "tip", id, role: "tooltip", hidden: true });
  let owner = null;
  let timer = 0;

  function open(mark, content) {
    clearTimeout(timer);
    owner = mark;
    element.replaceChildren(...content());
    element.hidden = false;
    place(mark);
  }
  function place(mark) {
    const line = mark.getClientRects()[0];
    const frame = host.getBoundingClientRect();
    if (!line) return;
    const left = Math.min(Math.max(0, line.left - frame.left), Math.max(0, frame.width - element.offsetWidth));
    const above = line.top - element.offsetHeight - 8 > 0;
    element.style.setProperty("left", `${left}px`);
    element.style.setProperty(
      "top",
      `${(above ? line.top - element.offsetHeight - 8 : mark.getBoundingClientRect().bottom + 8) - frame.top}px`,
    );
  }
  function close() {
    clearTimeout(timer);
    owner = null;
    element.hidden = true;
  }
  const closeSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => owner !== document.activeElement && close(), 150);
  };
  element.addEventListener("pointerenter", () => clearTimeout(timer));
  element.addEventListener("pointerleave", closeSoon);
  addEventListener("keydown", (event) => event.key === "Escape" && close());

  return {
    element,
    close,
    attach(mark, content) {
      const show = () => open(mark, content);
      mark.addEventListener("pointerenter", show);
      mark.addEventListener("focus", show);
      mark.addEventListener("click", show);
      mark.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        show();
      });
      mark.addEventListener("pointerleave", closeSoon);
      mark.addEventListener("blur", closeSoon);
    },
  };
}
