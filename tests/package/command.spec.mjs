// The command, as somebody runs it who installed the package.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { installed } from "./consumer.mjs";
import { sheets } from "./workbook.mjs";

const load = (file) => import(pathToFileURL(join(installed, file)));
const { classify, classifyAll, explain, reasons, records, replay, summarise } = await load("inline.js");
const { rowOf } = await load("stream.inline.js");

const folder = join(installed, "../../command");
mkdirSync(join(folder, "inbox/deep"), { recursive: true });
const SCRIPT = join(installed, "bin/bouncelens.js");
const PLAIN = { PATH: process.env.PATH, LANG: "C" };

function bouncelens(args, { input = "", env = {}, node = [] } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, SCRIPT, ...args], { cwd: folder, input, encoding: "utf8", env: { ...PLAIN, ...env }, maxBuffer: 1 << 30 });
  return { status, stdout, stderr };
}

/** What it puts out where all is well. */
function said(args, options) {
  const { status, stdout, stderr } = bouncelens(args, options);
  assert.equal(stderr, "");
  assert.equal(status, 0);
  return stdout;
}

const write = (name, content) => {
  writeFileSync(join(folder, name), content);
  utimesSync(join(folder, name), new Date("2026-05-20"), new Date("2026-05-20"));
  return content;
};
const delivery = (n, reply, sender = "") => `${sender}May  ${(n % 9) + 1} 10:00:00 mx1 postfix/smtp[1]: 4VB${n}QZ: to=<a${n % 7}@example.com>, relay=mx.example.net[192.0.2.1]:25, delay=1, dsn=5.0.0, status=bounced (host mx.example.net[192.0.2.1] said: ${reply})\n`;
const REPLIES = ["550 5.1.1 User unknown", "452 4.2.2 Mailbox full", "554 5.7.1 Client host [192.0.2.9] blocked using zen.spamhaus.org"];
const LOG = write("mail.log", Array.from({ length: 30 }, (_, n) =>
  delivery(n, REPLIES[n % 3], `May  1 09:00:00 mx1 postfix/qmgr[9]: 4VB${n}QZ: from=<news@shop.example>, size=1, nrcpt=1 (queue active)\n`)).join(""));
const UNKNOWN = "550 5.1.1 <ann@example.com>: Recipient address rejected: User unknown";
const lines = (text) => text.trimEnd().split("\n");

test("npm puts it where npx finds it", () => {
  const { status, stdout } = spawnSync(join(installed, "../.bin/bouncelens"), ["--version"], { encoding: "utf8", shell: process.platform === "win32" });
  assert.equal(status, 0);
  assert.equal(stdout.trim(), JSON.parse(readFileSync(join(installed, "package.json"), "utf8")).version);
});

test("the help names every option, and nothing else does", () => {
  const help = said(["--help"]);
  const known = readFileSync(join(installed, "bin/arguments.js"), "utf8");
  const options = [.../^const OPTIONS = \{(.*?)^\};/ms.exec(known)[1].matchAll(/^ {2}"?([a-z-]+)"?: \{/gm)].map(([, name]) => `--${name}`);
  assert.deepEqual([...new Set(help.match(/--[a-z-]+/g))].sort(), options.sort());
  assert.ok(lines(help).every((line) => line.length <= 102));
});

test("a single record is told in full, in the reader's language", () => {
  const text = said([], { input: UNKNOWN });
  assert.match(text, /^HARD {2}No such user\n/);
  for (const part of ["bad-mailbox / user-unknown", "“User unknown”", "ann@example.com", "The recipient's address", "For the mail administrator"]) assert.ok(text.includes(part), part);
  assert.match(said(["--locale", "de-CH"], { input: UNKNOWN }), /^HARD {2}(?!No such user)/);
  assert.equal(said([], { input: UNKNOWN, env: { LC_ALL: "it_IT.UTF-8" } }), said(["--locale", "it"], { input: UNKNOWN }));
  assert.doesNotMatch(text, /\u001b/, "no colour in a pipe");
});

test("several records are a table that fits the screen", () => {
  for (const columns of ["20", "40", "60", "72", "100", "200"]) {
    const table = lines(said(["mail.log"], { env: { COLUMNS: columns } }));
    assert.equal(table.length, 30 + 3);
    for (const line of table.slice(0, -1)) assert.ok(line.length <= Math.max(24, Number(columns)), `${columns}: ${line}`);
    assert.match(table.at(-1), /^30 records: 20 soft, 10 hard$|^30 records: /);
  }
});

test("JSON is a verdict a line, with its place", () => {
  const given = lines(said(["--json", "mail.log"])).map((line) => JSON.parse(line));
  assert.deepEqual(given.map(({ place, ...verdict }) => verdict), records(new TextEncoder().encode(LOG)).map(({ verdict }) => verdict));
  for (const { place, recipient } of given) {
    assert.equal(place.file, "mail.log");
    assert.match(LOG.slice(place.start, place.end), new RegExp(`^May.*to=<${recipient}>.*\\)$`));
  }
});

test("CSV holds every record, and no cell is a formula", () => {
  const text = said(["--csv", "--lines"], { input: `550 5.1.1 "quoted", User unknown\n=1+1 User unknown\n` });
  const [head, first, second] = text.split("\r\n");
  assert.match(head, /^file,start,end,kind,type,category,reason/);
  assert.match(first, /^,0,32,bounce,hard,bad-mailbox,user-unknown,.*,"550 5\.1\.1 ""quoted"", User unknown"$/);
  assert.match(second, /,'=1\+1 User unknown$/);
});

test("a workbook holds what CSV holds", () => {
  assert.equal(said(["--xlsx", "out.xlsx", "mail.log"]), "");
  const [{ rows }] = sheets(new Uint8Array(readFileSync(join(folder, "out.xlsx"))));
  assert.equal(rows.length, 31);
  assert.deepEqual(Object.values(rows[0]).slice(0, 4).map((cell) => cell?.value ?? cell), ["file", "start", "end", "kind"]);
  const { status, stderr } = bouncelens(["--xlsx", "no/such/folder.xlsx", "mail.log"]);
  assert.equal(status, 3);
  assert.match(stderr, /no\/such\/folder\.xlsx: it could not be written/);
});

test("a policy gives each record a decision, what came before counted", () => {
  const input = Array.from({ length: 6 }, (_, n) => `2026-05-0${n + 1}T10:00:00Z mx1 postfix/smtp[1]: 4VB${n}QZ: to=<ann@example.com>, relay=none, dsn=4.2.2, status=bounced (host mx.example.net[192.0.2.1] said: 452 4.2.2 Mailbox full)\n`).join("");
  const given = lines(said(["--json", "--policy", "five-strikes"], { input })).map((line) => JSON.parse(line).decision);
  assert.deepEqual(given.map(({ strikes }) => strikes.count), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual([given[0].action, given[5].action], ["retry", "flag"]);
  write("own.json", JSON.stringify({ base: "default", threshold: 2, onThreshold: "suppress", weight: 1 }));
  const own = lines(said(["--json", "--policy", "own.json"], { input })).map((line) => JSON.parse(line).decision.action);
  assert.equal(own[1], "suppress");
});

test("report counts what summarise counts", () => {
  const rows = records(LOG).map((record) => rowOf(record, { near: Date.UTC(2026, 4, 20) }));
  for (const [args, options] of [
    [[], { groupBy: ["from-domain", "bounce-text"] }],
    [["--group-by", "reason, day"], { groupBy: ["reason", "day"] }],
    [["--group-by", "category", "--from", "2026-05-02", "--until", "2026-05-03"], { groupBy: ["category"], from: Date.UTC(2026, 4, 2), until: Date.UTC(2026, 4, 4) }],
  ]) {
    const report = summarise(rows, options);
    assert.ok(report.total.amount > 0);
    assert.deepEqual(JSON.parse(said(["report", "--json", ...args, "mail.log"])), report.toJSON());
    assert.equal(said(["report", "--csv", ...args, "mail.log"]), report.toCSV());
  }
  const table = lines(said(["report", "--group-by", "from-domain,reason", "--top", "2", "mail.log"]));
  assert.match(table[1], /^shop\.example +\S+ +10 /);
  assert.equal(table[3], "and 1 lines more: --top 0 shows all");
  assert.match(table[4], /^total +30 /);
  said(["report", "--xlsx", "report.xlsx", "mail.log"]);
  assert.equal(sheets(new Uint8Array(readFileSync(join(folder, "report.xlsx"))))[0].rows.length, 4);
});

test("replay plays the policies side by side", () => {
  const rows = records(LOG).map((record) => rowOf(record, { near: Date.UTC(2026, 4, 20) }));
  const events = rows.map(({ recipient, time, message, ...verdict }) => ({ address: recipient, time, campaign: message, verdict }));
  const policies = ["default", "altcraft"];
  const given = JSON.parse(said(["replay", "--json", "--policy", "default", "--policy", "altcraft", "mail.log"]));
  assert.deepEqual(given, { ...replay(events, { policies }), left: 0 });
  const table = said(["replay", "mail.log"]);
  for (const name of ["default", "mailpro", "five-strikes", "altcraft"]) assert.match(table, new RegExp(`^ {2}${name} +\\d+$`, "m"));
  assert.match(said(["replay", "--csv", "mail.log"]), /^address,differs,default: action,default: since,/);
  said(["replay", "--xlsx", "replay.xlsx", "mail.log"]);
});

test("explain shows every stage", () => {
  assert.equal(said(["explain"], { input: UNKNOWN }).trim(), explain(Buffer.from(UNKNOWN)).text.trim());
  const { file, ...all } = JSON.parse(said(["explain", "--json", "--form", "log", "mail.log"]));
  assert.equal(file, "mail.log");
  assert.deepEqual(all, explain(Buffer.from(LOG), { form: "log" }));
});

test("folders, packed files and files of other names are read", () => {
  write("inbox/a.txt", UNKNOWN);
  write("inbox/deep/b.log.gz", Buffer.concat([gzipSync(LOG.slice(0, 3000)), gzipSync(LOG.slice(3000))]));
  write("inbox/.hidden", "nothing to see");
  symlinkSync("..", join(folder, "inbox/deep/back"));
  const given = lines(said(["--json", "inbox"])).map((line) => JSON.parse(line));
  assert.deepEqual([...new Set(given.map(({ place }) => place.file))], [join("inbox", "a.txt"), join("inbox", "deep", "b.log.gz")]);
  assert.equal(given.length, 31);
  assert.equal(lines(said(["--json", "-"], { input: gzipSync(LOG) })).length, 30);
  write("report", UNKNOWN);
  assert.match(said(["./report"]), /No such user/);
});

test("what cannot be read is named, the rest is read, and the code is 1", () => {
  write("empty.txt", "");
  write("empty.gz", gzipSync(""));
  write("cut.log.gz", gzipSync(LOG).subarray(0, -20));
  write("bad.log.gz", Buffer.concat([gzipSync(LOG).subarray(0, 12), Buffer.alloc(200, 7)]));
  write("mails.zip", "PK\u0003\u0004 and more");
  write("mail.msg", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 1]));
  write("picture", Buffer.from([1, 2, 3, 0, 5]));
  const { status, stdout, stderr } = bouncelens(["--json", "none.log", "empty.txt", "empty.gz", "cut.log.gz", "bad.log.gz", "mails.zip", "mail.msg", "picture", "mail.log"]);
  assert.equal(status, 1);
  assert.equal(lines(stdout).filter((line) => line.includes('"file":"mail.log"')).length, 30);
  assert.deepEqual(lines(stderr), [
    "bouncelens: none.log: there is no such file",
    "bouncelens: empty.txt: empty",
    "bouncelens: empty.gz: empty",
    "bouncelens: cut.log.gz: it ends in the middle of its packed data",
    "bouncelens: bad.log.gz: its packed data is damaged",
    "bouncelens: mails.zip: it is packed (zip): unpack it first",
    "bouncelens: mail.msg: it is no text (msg)",
    "bouncelens: picture: it is no text",
  ]);
  for (const command of ["report", "replay", "explain"]) assert.equal(bouncelens([command, "none.log"]).status, 1, command);
  assert.equal(bouncelens([]).status, 1);
});

test("what is wrong on the command line is named, and the code is 2", () => {
  for (const [args, message] of [
    [["--colour"], /unknown option --colour/],
    [["--form", "fax"], /unknown form `fax`; known: smtp/],
    [["--form"], /--form/],
    [["--locale", "xx"], /unknown locale `xx`; known: de, en/],
    [["--policy", "strict"], /unknown policy `strict`; known: default, .*, or a file of JSON/],
    [["--policy", "default", "--policy", "mailpro"], /replay takes several/],
    [["--json", "--csv"], /--json and --csv exclude each other/],
    [["--group-by", "day"], /--group-by is no option of reading records/],
    [["report", "--group-by", "colour"], /colour/],
    [["report", "--from", "2026-02-31"], /--from takes a day such as/],
    [["report", "--policy", "default"], /--policy is no option of report/],
    [["explain", "--csv"], /--csv is no option of explain/],
    [["report", "--group-by", "colour"], /^bouncelens: --group-by: unknown field `colour`/],
    [["--form", "fax"], /^bouncelens: --form: unknown form `fax`/],
    [["replay", "--top", "many"], /--top takes a number/],
  ]) {
    const { status, stdout, stderr } = bouncelens(args, { input: UNKNOWN });
    assert.equal(status, 2, `${args}`);
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.match(stderr, /^bouncelens: .*\nTry: bouncelens --help\n$/s);
  }
  write("bad.json", '{ "threshold": -1 }');
  assert.match(bouncelens(["--policy", "bad.json"], { input: UNKNOWN }).stderr, /bad\.json: .*threshold/);
});

test("nothing that a mail says steers the screen", () => {
  const input = `550 5.1.1 User \u001b[31munknown\u0007 \u202e\u009b2J\r\n452 4.2.2 Mailbox \u001b]0;title\u0007full\n`;
  const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
  for (const args of [[], ["--lines"], ["report", "--group-by", "bounce-text"], ["explain"]]) assert.doesNotMatch(said(args, { input }), steering, `${args}`);
  assert.doesNotMatch(said([], { input: input.split("\r\n")[0] }), steering);
});

test("nor do data for programs that are put out on a screen", async () => {
  const { Output } = await load("bin/output.js");
  const put = async (isTTY, text) => {
    let out = "";
    const output = new Output({ isTTY, write: (each) => (out += each) }, {}, {});
    await output.data(text);
    await output.flush();
    return out;
  };
  const line = 'a,"\u001b[31m\u009b\r\u202e\n\tü"\r\n';
  assert.equal(await put(true, line), 'a,"\\u001b[31m\\u009b\\u000d\\u202e\n\tü"\r\n');
  assert.equal(await put(false, line), line);
  const json = JSON.stringify({ text: "\u009b\u202e" });
  assert.deepEqual(JSON.parse(await put(true, json)), JSON.parse(json));
});

test("whoever stops reading is not scolded", async () => {
  write("long.log", Array.from({ length: 20_000 }, (_, n) => delivery(n, REPLIES[n % 3])).join(""));
  const child = spawn(process.execPath, [SCRIPT, "--json", "long.log"], { cwd: folder, env: PLAIN });
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += text));
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((done) => child.once("exit", done));
  assert.equal(code, 0);
  assert.equal(stderr, "");
});

test("a file of any length takes little memory", () => {
  // 30 MB, read by a process that may not keep as much in its heap.
  const text = readFileSync(join(folder, "long.log"), "utf8");
  write("huge.log.gz", gzipSync(text.repeat(Math.ceil(30e6 / text.length)), { level: 1 }));
  const count = 20_000 * Math.ceil(30e6 / text.length);
  const { status, stdout, stderr } = bouncelens(["report", "--group-by", "reason", "--json", "huge.log.gz"], { node: ["--max-old-space-size=48"] });
  assert.equal(stderr, "");
  assert.equal(status, 0);
  assert.equal(JSON.parse(stdout).total.amount, count);
});

test("colour only on a terminal, without NO_COLOR", async () => {
  const { Output } = await load("bin/output.js");
  const on = (isTTY, environment) => new Output({ isTTY, columns: 80 }, {}, environment).paint("hard", "x") !== "x";
  assert.deepEqual([on(true, {}), on(false, {}), on(true, { NO_COLOR: "1" }), on(true, { TERM: "dumb" })], [true, false, false, false]);
});

test("long work shows a bar where somebody watches, and takes it away", async () => {
  const { Progress } = await load("bin/progress.js");
  const written = [];
  for (const isTTY of [true, false]) {
    const progress = new Progress({ isTTY, columns: 60, write: (text) => written.push(text) });
    progress.tell("quick.log", 10, 100);
    assert.deepEqual(written, []);
    await new Promise((later) => setTimeout(later, 520));
    progress.tell(`${"very/".repeat(30)}long\u001b.log`, 40, 100);
    progress.clear();
    assert.equal(written.length, isTTY ? 2 : 0);
    for (const text of written.splice(0)) assert.ok(text.replace(/^\r\u001b\[K/, "").length < 60 && !text.slice(4).includes("\u001b"), JSON.stringify(text));
  }
});

test("letters are counted as a screen shows them", async () => {
  const { clean, clip, fit, width, wrap } = await load("bin/letters.js");
  assert.deepEqual(["abc", "é", "e\u0301", "漢字", "👍", "한"].map(width), [3, 1, 1, 4, 2, 2]);
  assert.equal(clip("漢字漢字", 5), "漢字…");
  assert.equal(fit("7", 3, true), "  7");
  assert.equal(width(fit("漢字漢字", 6)), 6);
  assert.equal(clean(" a\u001b[1m\r\n\tb\u202e "), "a [1m b");
  assert.equal(wrap("one two three", 8, " "), " one two\n three");
});

test("it reads whatever classifyAll reads", () => {
  for (const { example } of reasons.slice(0, 10)) {
    const [{ place, ...verdict }] = lines(said(["--json"], { input: example })).map((line) => JSON.parse(line));
    assert.equal(verdict.reason, classify(example).reason);
    assert.equal(classifyAll(example).length, 1);
  }
});
