// A project of somebody who installed the package from its tarball.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";

export const tarball = resolve(process.env.BOUNCELENS_TARBALL ?? "target/bouncelens-0.1.0.tgz");

/** The pinned tools of this repository. */
export const tools = createRequire(new URL("../../xtask/node/package.json", import.meta.url));

const home = mkdtempSync(join(tmpdir(), "bouncelens-"));
after(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

/** The package, installed once; consumers below the same folder find it as they find any package. */
writeFileSync(join(home, "package.json"), '{ "private": true, "type": "module" }\n');
run(process.platform === "win32" ? "npm.cmd" : "npm", ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", tarball], home);

/** Where it was unpacked. */
export const installed = join(home, "node_modules/bouncelens");

/** A copy of `consumers/NAME` beside the installed package. */
export function consumer(name) {
  const folder = join(home, name);
  cpSync(fileURLToPath(new URL(`consumers/${name}`, import.meta.url)), folder, { recursive: true });
  return folder;
}

/** Runs a program to the end and gives what it printed; fails with what it said. */
export function run(program, args, cwd) {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], shell: program.endsWith(".cmd") });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}: ${error.message}\n${error.stdout ?? ""}${error.stderr ?? ""}`, { cause: error });
  }
}

/** The script of a tool's command. */
export function command(tool, name = tool) {
  const folder = fileURLToPath(new URL(`../../xtask/node/node_modules/${tool}/`, import.meta.url));
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[name]);
}
