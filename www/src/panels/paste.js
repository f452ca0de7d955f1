// The paste box: typing, pasting, dropping a file on the page, opening one. What is no text to look at,
// several files or a large one, goes to the report, which says why where it cannot be read.

import { kindOf } from "bouncelens/stream";
import { acceptDrops, chosen } from "../drop.js";

/** Longer texts would make the box itself slow: it shows their beginning, and all of them is read. */
const LONG = 200_000;
const BEGINNING = 4000;

/** So many bytes tell what a file is. */
const HEAD = 4096;

/** A larger file is for counting, not for reading. */
const LARGE = 1024 * 1024;

/** A reading that takes longer than this would be felt on every key, in milliseconds. */
const SLOW = 30;
/** The pause in typing to wait for then. */
const PAUSE = 250;

/**
 * @param {HTMLElement} host
 * @param {import("../main.js").Act} act
 */
export function pastePanel(host, act) {
  const box = host.querySelector("textarea");
  const file = host.querySelector("input[type=file]");
  const clear = host.querySelector("#clear");
  const note = host.querySelector("#paste-note");

  // One reading a frame, however fast the keys come; for texts that take longer, one a pause.
  let frame = 0;
  let timer = 0;
  let cost = 0;
  box.addEventListener("input", () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    if (cost > SLOW) timer = setTimeout(write, PAUSE);
    else frame = requestAnimationFrame(write);
  });
  function write() {
    const start = performance.now();
    act("write", box.value);
    cost = performance.now() - start;
  }
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length <= LONG && !box.readOnly) return;
    event.preventDefault();
    act("write", text);
  });
  clear.addEventListener("click", () => {
    act("write", "");
    box.focus();
  });
  file.addEventListener("change", () => {
    open(chosen(file.files), false);
    file.value = "";
  });
  let view = "read";
  acceptDrops((over) => document.body.classList.toggle("is-over", over), open);

  async function open(files, folders) {
    if (files.length === 0) return;
    const [{ file: one }] = files;
    if (view === "report" || folders || files.length > 1 || one.size > LARGE || /\.(gz|mbox)$/i.test(one.name)) {
      return act("count", files);
    }
    try {
      const bytes = new Uint8Array(await one.arrayBuffer());
      if (bytes.length === 0 || kindOf(bytes.subarray(0, HEAD)) !== "text") return act("count", files);
      const text = decode(bytes);
      // From the reference, back to where texts are read.
      if (view !== "read") location.hash = "";
      act("write", text, one.name);
    } catch {
      act("refuse", "unreadable-file");
    }
  }

  return (state, before) => {
    view = state.place.view;
    if (state.text === before.text && state.source === before.source) return;
    const long = state.text.length > LONG;
    const shown = long ? `${state.text.slice(0, BEGINNING)}\n[…]` : state.text;
    if (box.value !== shown) box.value = shown;
    box.readOnly = long;
    clear.hidden = state.text === "";
    const size = long ? `${state.words.number(Math.round(state.text.length / 1024))} KB` : "";
    note.textContent = [state.source, size].filter(Boolean).join(", ");
    note.title = note.textContent;
  };
}

/** What UTF-16 begins with. */
const WIDE = { "255,254": "utf-16le", "254,255": "utf-16be" };

/** UTF-16 where it begins so, UTF-8, or else the bytes as windows-1252, which never fails. */
function decode(bytes) {
  const wide = WIDE[`${bytes.subarray(0, 2)}`];
  if (wide) return new TextDecoder(wide).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
