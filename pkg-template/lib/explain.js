// The stages as text for people.

/** Parts that are listed; of the others it says how many they are. */
const MOST = 100;

/** @param {{ notice: object, verdict: object }[]} records */
export function transcript(recognised, parts, records) {
  const how = recognised.asked ? "as asked" : `${Math.round(recognised.confidence * 100)} % sure`;
  const head = [`recognised  ${recognised.layout}, ${how}`, ...parts.slice(0, MOST).map(line)];
  if (parts.length > MOST) head.push(`    and ${parts.length - MOST} parts more`);
  return [head.join("\n"), ...records.map(({ notice, verdict }, index) => section(notice, verdict, index, records.length))].join("\n");
}

function line({ role, used, name, fact, count, start, end }) {
  const words = [role];
  if (count > 1) words.push(`× ${count}`);
  if (name !== "") words.push(oneLine(name));
  if (fact !== null && fact !== role) words.push(`as ${fact}`);
  if (start !== null) words.push(`at ${start}–${end}`);
  return `  ${used ? "+" : "·"} ${words.join(" ")}${used ? "" : ", not used"}`;
}

function section(notice, verdict, index, count) {
  const lines = count > 1 ? [`record ${index + 1} of ${count}`] : [];
  lines.push(`read        as ${notice.form}, ${notice.kind}`);
  const stated = [
    ["reply", notice.reply],
    ["prose", notice.prose],
    ["code", notice.code],
    ["status", notice.status],
    ["stage", notice.command],
    ["recipient", notice.recipient],
    ["written to", notice.originalRecipient],
    ["sender", notice.sender],
    ["refused by", notice.remoteHost],
    ["reported by", notice.reportingHost],
    ["sent from", notice.sendingIp],
    ["time", notice.time],
    ["class", notice.systemClass],
    ["attempts", notice.attempts],
  ];
  for (const [label, value] of stated) {
    if (value !== null && value !== "") lines.push(`  ${label.padEnd(12)}${oneLine(value)}`);
  }
  for (const note of notice.notes) lines.push(`  note        ${oneLine(note)}`);
  lines.push(verdict.because.length > 0 ? "evidence" : "evidence    none");
  for (const link of verdict.because) {
    const words = link.text === "" ? "" : `  ${oneLine(`“${link.text}”`)}`;
    lines.push(`  ${link.role === "supports" ? "+" : "-"} ${link.reason} (${link.strength}, ${link.rule})${words}`);
  }
  const meaning = [verdict.kind, verdict.type, verdict.category, verdict.reason].filter((part) => part !== null);
  lines.push(`verdict     ${meaning.join(" / ")}, fault: ${verdict.fault}, confidence ${verdict.confidence}`);
  if (verdict.runnerUp) lines.push(`  else        ${verdict.runnerUp.category} / ${verdict.runnerUp.reason}`);
  return `${lines.join("\n")}\n`;
}

function oneLine(value) {
  const text = `${value}`.replace(/\s+/g, " ").trim();
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
