// Policies side by side: whom each would stop, and when.

import { policies, replay } from "../inline.js";
import { inputsOf } from "./inputs.js";
import { clean, fit } from "./letters.js";
import { csv, Workbook } from "./output.js";
import { rows } from "./report.js";

/** Kinds that a policy looks at. */
const JUDGED = ["bounce", "delay", "delivered", "complaint"];

export async function run(given, output, miss) {
  const chosen = given.policies.length > 0 ? given.policies : policies.map(({ id }) => ({ name: id, policy: id }));
  const events = [];
  let left = 0;
  for await (const portion of rows(await inputsOf(given.paths, miss), given, output, miss)) {
    for (const { recipient, time, campaign, message, kind, type, reason, confidence, code } of portion) {
      if (!JUDGED.includes(kind)) continue;
      // A policy needs to know who and when.
      if (recipient === null || time === null) left += 1;
      else events.push({ address: recipient, time, campaign: campaign ?? message, verdict: { kind, type, reason, confidence, code } });
    }
  }
  const played = { ...replay(events, { policies: chosen.map(({ policy }) => policy) }), policies: chosen.map(({ name }) => name), left };
  if (given.json) await output.data(`${JSON.stringify(played)}\n`);
  else if (given.csv) for (const row of sheet(played)) await output.data(csv(row));
  else if (given.xlsx === undefined) await output.add(table(played, given.top, output));
  await output.flush();
  if (given.xlsx !== undefined) await save(played, given, output);
}

const day = (time) => new Date(time).toISOString().slice(0, 10);

/** A row an address, three cells a policy, under a row of titles. */
function* sheet({ policies: names, outcomes }) {
  yield ["address", "differs", ...names.flatMap((name) => [`${name}: action`, `${name}: since`, `${name}: why`])];
  for (const { address, differs, stops } of outcomes) {
    yield [address, differs ? "yes" : null, ...stops.flatMap((stop) => (stop === null ? [null, null, null] : [stop.action, new Date(stop.time).toISOString(), stop.why]))];
  }
}

async function save(played, given, output) {
  const [titles, ...lines] = sheet(played);
  const book = new Workbook(titles.map((title, index) => [title, index === 0 ? 32 : Math.max(14, title.length + 4)]));
  for (const line of lines) book.add(line);
  await output.save(given.xlsx, await book.bytes("Replay"));
}

function table({ policies: names, addresses, stopped, outcomes, left }, top, output) {
  const label = Math.max(6, ...names.map((name) => name.length));
  const text = [`${addresses} addresses; of these each policy stops:\n`];
  names.forEach((name, index) => text.push(`  ${clean(name).padEnd(label)}  ${stopped[index]}\n`));
  const differing = outcomes.filter(({ differs }) => differs);
  if (differing.length > 0) {
    const room = names.map((name) => Math.max(name.length, "suppress 2026-05-01".length));
    const who = Math.max(12, output.width - room.reduce((sum, each) => sum + each + 2, 0));
    const line = (first, cells) => `${[fit(first, Math.min(40, who)), ...cells.map((cell, index) => fit(cell, room[index]))].join("  ").trimEnd()}\n`;
    text.push(`\nof these they differ on ${differing.length}:\n`, output.paint("dim", line("address", names)));
    for (const { address, stops } of differing.slice(0, top)) {
      text.push(line(clean(address), stops.map((stop) => (stop === null ? "keep" : `${stop.action} ${day(stop.time)}`))));
    }
    if (differing.length > top) text.push(output.paint("dim", `and ${differing.length - top} addresses more: --top 0 shows all\n`));
  }
  if (left > 0) text.push(output.paint("dim", `${left} records name no address or no time and are left out\n`));
  return text.join("");
}
