// How many bounced, by what: exact counts.

import { summarise } from "../inline.js";
import { isNothing, rowOf } from "../stream.inline.js";
import { inputsOf, records } from "./inputs.js";
import { clean, fit, width } from "./letters.js";

/** Kinds that a report is told of. */
const REPORTED = ["bounce", "delay", "delivered"];
/** Rows go to the report so many at a time. */
const PORTION = 4096;
const NUMBERS = { amount: "amount", hard: "hard", soft: "soft", first: "first", final: "final", deliveredLater: "later" };

export async function run(given, output, miss) {
  const report = summarise([], given.report);
  const inputs = await inputsOf(given.paths, miss);
  for await (const portion of rows(inputs, given, output, miss)) report.add(portion.filter(({ kind }) => REPORTED.includes(kind)));
  if (given.json) await output.data(`${JSON.stringify(report.toJSON())}\n`);
  else if (given.csv) await output.data(report.toCSV());
  else if (given.xlsx === undefined) await output.add(table(report, given.top, output));
  await output.flush();
  if (given.xlsx !== undefined) await output.save(given.xlsx, await report.toXLSX());
}

/** The rows of all inputs, in portions. */
export async function* rows(inputs, { reading }, output, miss) {
  const total = inputs.reduce((sum, { size }) => sum + size, 0);
  let portion = [];
  for await (const { input, result } of records(inputs, reading, ({ path }, bytes) => output.progress.tell(path, bytes, total), miss)) {
    const row = isNothing(result) ? null : rowOf(result, { near: input.changed });
    if (row !== null) portion.push(row);
    if (portion.length < PORTION) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

function table({ fields, lines, total, undated }, top, output) {
  const shown = lines.slice(0, top);
  const rest = lines.length - shown.length;
  const titles = Object.values(NUMBERS);
  const digits = titles.map((title, index) => Math.max(title.length, `${total[Object.keys(NUMBERS)[index]]}`.length));
  const room = Math.max(0, output.width - digits.reduce((sum, each) => sum + each + 2, 0));
  const widths = columnsOf(fields, shown, room);
  const line = (keys, numbers) =>
    `${[...keys.map((key, index) => fit(clean(key), widths[index])), ...numbers.map((number, index) => fit(`${number}`, digits[index], true))].join("  ").trimEnd()}\n`;
  const counts = (each) => Object.keys(NUMBERS).map((name) => each[name]);
  const text = [output.paint("dim", line(fields, titles))];
  for (const each of shown) text.push(line(fields.map((_, index) => each.keys[index] || "(not known)"), counts(each)));
  if (rest > 0) text.push(output.paint("dim", `and ${rest} lines more: --top 0 shows all\n`));
  if (fields.length > 0) text.push(output.paint("bold", line(fields.map((_, index) => (index === 0 ? "total" : "")), counts(total))));
  if (undated > 0) text.push(output.paint("dim", `${undated} rows have no time and are left out\n`));
  return text.join("");
}

/** Each column as wide as it wants; where that is too much, the widest give way. */
function columnsOf(fields, lines, room) {
  const widths = fields.map((field, index) => Math.max(field.length, 11, ...lines.map(({ keys }) => width(clean(keys[index] ?? "")))));
  const fixed = Math.max(0, 2 * (fields.length - 1));
  while (widths.reduce((a, b) => a + b, fixed) > room && Math.max(...widths) > 8) {
    const over = widths.reduce((a, b) => a + b, fixed) - room;
    const widest = widths.indexOf(Math.max(...widths));
    const next = Math.max(8, ...widths.filter((_, index) => index !== widest));
    widths[widest] = Math.max(8, widths[widest] - over, Math.min(next, widths[widest] - 1));
  }
  return widths;
}
