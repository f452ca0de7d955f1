// A report as a workbook of Excel. Loaded only when somebody asks for one.

import { harmless } from "./cells.js";
import { workbook } from "./workbook.js";

/** What Excel takes: rows of a sheet, its header included, and letters of a cell (UTF-16). */
const ROWS = 1_048_576;
const LETTERS = 32_767;

/** The same columns as in CSV. */
const NUMBERS = { amount: "amount", hard: "hard", soft: "soft", first: "first-attempt", final: "final", deliveredLater: "delivered-later" };

/** In letters. */
const WIDTHS = { "from-domain": 28, "recipient-domain": 28, "sending-ip": 18, provider: 16, campaign: 24, day: 12, category: 20, reason: 28, "bounce-text": 80 };

/** A cell; `null` for an empty one. */
export function text(value) {
  const safe = harmless(value);
  if (safe === "") return null;
  return { type: String, value: safe.length > LETTERS ? `${safe.slice(0, LETTERS - 1)}…` : safe };
}

function key(field, value) {
  const day = field === "day" ? Date.parse(value) : NaN;
  return Number.isNaN(day) ? text(value) : { type: Date, value: new Date(day), format: "yyyy-mm-dd" };
}

/** The column of a number: 0 is A, 26 is AA. */
function letters(column) {
  return (column < 26 ? "" : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
}

/** Buttons to filter by in the first row of each sheet. The range also has a name, which Excel expects. */
function filters(sheets) {
  const range = ({ data }) => `$A$1:$${letters(data[0].length - 1)}$${data.length}`;
  const names = sheets.map((each, index) =>
    `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">'${each.sheet}'!${range(each)}</definedName>`);
  return {
    files: {
      transform: {
        "xl/worksheets/sheet{id}.xml": {
          transform: (xml, _, { sheetIndex }) =>
            xml.replace("</sheetData>", () => `</sheetData><autoFilter ref="${range(sheets[sheetIndex]).replaceAll("$", "")}"/>`),
        },
        "xl/workbook.xml": {
          transform: (xml) => xml.replace("<definedNames/>", () => `<definedNames>${names.join("")}</definedNames>`),
        },
      },
    },
  };
}

/** The bytes of the workbook of a report. */
export function xlsx({ fields, lines }, most) {
  const titles = [...fields, ...Object.values(NUMBERS), "example"];
  const columns = titles.map((title) => ({ title, width: title === "example" ? 80 : WIDTHS[title] ?? title.length + 4 }));
  const row = (line) => [
    ...fields.map((field, index) => key(field, line.keys[index] ?? "")),
    ...Object.keys(NUMBERS).map((name) => ({ type: Number, value: line[name] })),
    text(line.example),
  ];
  return table("Bounces", columns, lines.length, (index) => row(lines[index]), most);
}

/**
 * The bytes of a workbook of one table. More rows than a sheet takes go on in the next one.
 *
 * @param {string} name of the sheet
 * @param {{ title: string, width: number }[]} columns
 * @param {number} count of rows
 * @param {(index: number) => object[]} row gives the cells of one
 */
export async function table(name, columns, count, row, most = ROWS - 1) {
  const header = columns.map(({ title }) => ({ type: String, value: title, fontWeight: "bold" }));
  const widths = columns.map(({ width }) => ({ width }));
  const sheets = [];
  for (let start = 0; start === 0 || start < count; start += most) {
    const rows = Array.from({ length: Math.min(most, count - start) }, (_, index) => row(start + index));
    sheets.push({ sheet: start === 0 ? name : `${name} ${sheets.length + 1}`, data: [header, ...rows], columns: widths, stickyRowsCount: 1 });
  }
  const blob = await workbook(sheets, { features: [filters(sheets)] });
  return new Uint8Array(await blob.arrayBuffer());
}
