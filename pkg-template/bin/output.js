// Where the answers go: the standard output, files, and a bar on the standard error while one waits.

import { writeFile } from "node:fs/promises";
import { harmless } from "../lib/cells.js";
import { visible } from "./letters.js";
import { Progress } from "./progress.js";

/** The output could not be written. */
export class Failure extends Error {}

/** Letters are gathered until there are so many. */
const GATHERED = 64 * 1024;
/** A workbook is made in one go, in memory. */
const MOST_ROWS = 250_000;

const COLOURS = { hard: 31, soft: 33, dim: 2, bold: 1 };

export class Output {
  #out;
  #text = "";
  #colours;

  constructor(out, err, environment) {
    this.#out = out;
    this.terminal = out.isTTY === true;
    this.width = Math.max(24, out.columns || Number(environment.COLUMNS) || 80);
    this.#colours = this.terminal && !environment.NO_COLOR && environment.TERM !== "dumb";
    this.progress = new Progress(err);
  }

  paint(colour, text) {
    return this.#colours && text !== "" ? `\u001b[${COLOURS[colour]}m${text}\u001b[0m` : text;
  }

  /** Puts text out some time. */
  async add(text) {
    this.#text += text;
    if (this.#text.length >= GATHERED) await this.flush();
  }

  /** The same of data for programs, which may be on a screen all the same. */
  data(text) {
    return this.add(this.terminal ? visible(text) : text);
  }

  async flush() {
    const text = this.#text;
    this.#text = "";
    if (text === "") return;
    // Waits for whoever reads, so that memory stays bounded.
    if (!this.#out.write(text)) await new Promise((drained) => this.#out.once("drain", drained));
  }

  async print(text) {
    await this.add(text);
    await this.flush();
  }

  async save(path, bytes) {
    try {
      await writeFile(path, bytes);
    } catch (error) {
      throw new Failure(`${path}: it could not be written: ${error.message}`);
    }
  }
}

/** A line of CSV (RFC 4180). */
export const csv = (cells) => `${cells.map(cell).join(",")}\r\n`;

function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return `${value}`;
  const text = harmless(`${value}`);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table that becomes a workbook. */
export class Workbook {
  #rows = [];
  #columns;

  /** @param {[string, number][]} columns title and width in letters */
  constructor(columns) {
    this.#columns = columns.map(([title, width]) => ({ title, width }));
  }

  add(row) {
    if (this.#rows.length === MOST_ROWS) throw new Failure(`a workbook takes ${MOST_ROWS} records; use --csv, or report`);
    this.#rows.push(row);
  }

  async bytes(name) {
    const { table, text } = await import("../lib/xlsx.js");
    const of = (value) => {
      if (value === null || value === undefined) return null;
      if (value instanceof Date) return { type: Date, value, format: "yyyy-mm-dd hh:mm" };
      return typeof value === "number" ? { type: Number, value } : text(`${value}`);
    };
    return table(name, this.#columns, this.#rows.length, (index) => this.#rows[index].map(of));
  }
}
