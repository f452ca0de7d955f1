#!/usr/bin/env node
// The command. What it takes and gives is in `help.js`.

import { readFileSync } from "node:fs";
import { HELP } from "./help.js";
import { clean } from "./letters.js";
import { Failure, Output } from "./output.js";
import { readArguments, rulesOf, Usage } from "./arguments.js";

const COMMANDS = {
  verdicts: () => import("./verdicts.js"),
  report: () => import("./report.js"),
  explain: () => import("./explain.js"),
  replay: () => import("./replay.js"),
};

const say = (text) => process.stderr.write(`bouncelens: ${text}\n`);

async function main() {
  const given = readArguments(process.argv.slice(2), process.env, process.stdin.isTTY);
  const output = new Output(process.stdout, process.stderr, process.env);
  if (given.help) return output.print(HELP).then(() => 0);
  if (given.version) {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    return output.print(`${version}\n`).then(() => 0);
  }
  if (given.rules !== undefined) given.reading.rules = await rulesOf(given.rules);
  const { run } = await COMMANDS[given.command]();
  let unread = 0;
  /** A file that was not read, or not to its end; the others are. */
  const miss = (path, why) => {
    unread += 1;
    output.progress.clear();
    say(`${path === "-" ? "the standard input" : clean(path)}: ${why}`);
  };
  await run(given, output, miss);
  output.progress.clear();
  return unread > 0 ? 1 : 0;
}

process.stdout.on("error", (error) => {
  // Whoever read has seen enough.
  if (error.code === "EPIPE") process.exit(0);
  say(`the output could not be written: ${error.message}`);
  process.exit(3);
});

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    if (error instanceof Usage) say(`${error.message}\nTry: bouncelens --help`);
    else if (error instanceof Failure) say(error.message);
    else say(`this is a defect, please report it: ${error?.stack ?? error}`);
    process.exitCode = error instanceof Usage ? 2 : 3;
  },
);
