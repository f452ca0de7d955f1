// Runs the specs of a folder: `node test.mjs FOLDER`.

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.argv[2];
const specs = readdirSync(folder).filter((name) => name.endsWith(".spec.mjs")).sort().map((name) => join(folder, name));
if (specs.length === 0) {
  console.error(`no *.spec.mjs in ${folder}`);
  process.exit(1);
}
const args = ["--test", "--test-reporter=spec", "--test-concurrency=1", ...specs];
// The specs stand outside of this folder and `require` the pinned tools in it.
const env = { ...process.env, NODE_PATH: fileURLToPath(new URL("node_modules", import.meta.url)) };
const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"], env });
process.exit(status ?? 1);
