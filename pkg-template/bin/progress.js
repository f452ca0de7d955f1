// A bar on the standard error, where somebody watches and it takes long.

import { clean, clip } from "./letters.js";

const PACE = 100;
/** What is done before is not worth a bar. */
const PATIENCE = 500;
const WIDTH = 24;

export class Progress {
  #err;
  #on;
  #begin = performance.now();
  #last = 0;
  #shown = false;
  #done = 0;

  constructor(err) {
    this.#err = err;
    this.#on = err.isTTY === true;
  }

  /** Where the answers run over the same screen they are progress enough. */
  off() {
    this.#on = false;
  }

  /**
   * @param {string} path
   * @param {number} bytes that have come
   * @param {number} total bytes; 0 where that is not known
   */
  tell(path, bytes, total) {
    this.#done += bytes;
    const now = performance.now();
    if (!this.#on || now - this.#begin < PATIENCE || now - this.#last < PACE) return;
    this.#last = now;
    this.#shown = true;
    const share = Math.min(1, this.#done / total);
    const full = Math.round(share * WIDTH);
    const bar = total > 0 ? `[${"#".repeat(full)}${" ".repeat(WIDTH - full)}] ${Math.floor(share * 100)} %` : `${(this.#done / 1e6).toFixed(1)} MB`;
    const room = Math.max(0, (this.#err.columns || 80) - bar.length - 3);
    this.#err.write(`\r\u001b[K${bar}  ${clip(clean(path), room)}`);
  }

  clear() {
    if (this.#shown) this.#err.write("\r\u001b[K");
    this.#shown = false;
  }
}
