// One reply through the built package, as a table and as JSON: `node demo.mjs PACKAGE`.

import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const { advise, classify } = await import(pathToFileURL(resolve(process.argv[2], "inline.js")));

const reply = "450 4.7.1 <jane@example.com>: Recipient address rejected: Greylisted for 120 seconds!";
const verdict = classify(reply);
const advice = advise(verdict);

const rows = [
  ["reply", reply],
  ["verdict", `${verdict.kind}, ${verdict.type}`],
  ["category", verdict.category],
  ["reason", `${verdict.reason}: ${advice.title}`],
  ["fault", verdict.fault],
  ["confidence", `${Math.round(verdict.confidence * 100)} %`],
  ["codes", [verdict.code, verdict.status, verdict.statusMeaning].filter(Boolean).join(" · ")],
  ["retry after", verdict.retryAfter === null ? "not stated" : `${verdict.retryAfter} s`],
  ["recipient", verdict.recipient ?? "not stated"],
  ["what to do", advice.steps.administrator[0] ?? advice.summary],
  ...verdict.because.map((link) => [link.role, `${link.reason} (${link.strength}), ${link.rule}${link.text ? `: “${link.text}”` : ""}`]),
];
const width = Math.max(...rows.map(([label]) => label.length));
const room = 88;
const line = `+${"-".repeat(width + 2)}+${"-".repeat(room + 2)}+`;
console.log(line);
for (const [label, value] of rows) {
  const parts = wrap(`${value}`);
  parts.forEach((part, i) => console.log(`| ${(i === 0 ? label : "").padEnd(width)} | ${part.padEnd(room)} |`));
}
console.log(line);
console.log(`\n${JSON.stringify(verdict, null, 2)}`);

function wrap(text) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== "" && last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}
