// Finds a Chrome or Chromium, or gets one, and prints its path: `node browser.mjs CACHE`.
//
// In this order: $BOUNCELENS_BROWSER, one that is installed, Debian's package where we may install it,
// the npm package `@sparticuz/chromium` on Linux, and Playwright's own.

import { execFileSync, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const cache = process.argv[2];
const SPARTICUZ = "153.0.0";

const say = (text) => process.stderr.write(`▸ ${text}\n`);
/** Our standard output carries the path alone. */
const run = (command, args, options) =>
  execFileSync(command, args, { stdio: ["ignore", 2, "inherit"], shell: process.platform === "win32", ...options });

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    // On Windows, Chrome opens a window instead of telling its version.
    return process.platform === "win32" || spawnSync(path, ["--version"], { timeout: 30_000 }).status === 0;
  } catch {
    return false;
  }
}

function installed() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
  const found = (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const others = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ...["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].map((key) => join(process.env[key] ?? "", "Google/Chrome/Application/chrome.exe")),
    join(homedir(), "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
  ];
  return [...found, ...others].filter((path) => existsSync(path)).find(runs);
}

function debian() {
  if (process.platform !== "linux" || process.getuid() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
  say("installing Debian's chromium");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env });
  return installed();
}

async function sparticuz() {
  if (process.platform !== "linux") return undefined;
  const home = join(cache, `sparticuz-${SPARTICUZ}`);
  if (!existsSync(join(home, "node_modules"))) {
    say("installing @sparticuz/chromium");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), '{ "private": true }\n');
    run("npm", ["install", "--no-audit", "--no-fund", `@sparticuz/chromium@${SPARTICUZ}`], { cwd: home });
  }
  const entry = createRequire(join(home, "package.json")).resolve("@sparticuz/chromium");
  const { default: chromium } = await import(pathToFileURL(entry));
  const path = await chromium.executablePath();
  return runs(path) ? path : undefined;
}

function playwright() {
  const home = join(cache, "playwright");
  say("installing Playwright's chromium");
  const cli = createRequire(import.meta.url).resolve("playwright-core/cli.js");
  run(process.execPath, [cli, "install", "chromium"], { env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: home }, shell: false });
  const folder = readdirSync(home).find((name) => /^chromium-/.test(name));
  const inside = ["chrome-linux/chrome", "chrome-linux64/chrome", "chrome-win/chrome.exe", "chrome-win64/chrome.exe",
    "chrome-mac/Chromium.app/Contents/MacOS/Chromium"];
  return folder && inside.map((path) => join(home, folder, path)).find(runs);
}

const given = process.env.BOUNCELENS_BROWSER;
if (given && !runs(given)) {
  process.stderr.write(`BOUNCELENS_BROWSER is ${given}, which does not run\n`);
  process.exit(1);
}
let path = given;
for (const find of [installed, debian, sparticuz, playwright]) {
  if (path) break;
  try {
    path = await find();
  } catch (error) {
    say(`${find.name}: ${error.message}`);
  }
}
if (!path) {
  process.stderr.write("no browser was found and none could be installed: install Chrome or Chromium, or set BOUNCELENS_BROWSER to its path\n");
  process.exit(1);
}
console.log(path);
