// Makes `lib/workbook.js` of the package: `node workbook.mjs OUT`.
//
// It is write-excel-file, bundled, with two differences (docs/decisions/0003-xlsx-in-the-package.md):
// the zip is made in one go, since the published entries hand whatever is larger than 160 kB to a worker
// made from a blob, which never answers under a strict Content-Security-Policy; and a cell may say
// “constructor”.

import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const modules = new URL("node_modules/", import.meta.url);
const read = (path) => readFileSync(new URL(path, modules), "utf8");

function notice(name) {
  const { version } = JSON.parse(read(`${name}/package.json`));
  return `${name} ${version}\n\n${read(`${name}/LICENSE`).trim()}`;
}

/** The library looks texts up in a plain object, which knows some words by itself. */
const anyText = {
  name: "any-text",
  setup({ onLoad }) {
    onLoad({ filter: /initializeSharedStrings\.js$/ }, ({ path }) => {
      const [before, after, ...rest] = readFileSync(path, "utf8").split("sharedStringIdByString = {}");
      if (after === undefined || rest.length > 0) throw new Error(`${path} is not what it was: see whether the change is still needed`);
      return { contents: `${before}sharedStringIdByString = Object.create(null)${after}` };
    });
  },
};

await build({
  stdin: {
    contents: `
      import { generateXlsxFileSync } from "./node_modules/write-excel-file/modules/export/writeXlsxFileUniversal.js";
      export const workbook = (sheets, options) => generateXlsxFileSync(sheets, options);
    `,
    resolveDir: fileURLToPath(new URL(".", import.meta.url)),
  },
  bundle: true, minify: true, format: "esm", platform: "browser", target: "es2022", logLevel: "warning", legalComments: "none",
  plugins: [anyText],
  banner: { js: `/*! Made by \`cargo xtask pack\` from these packages.\n\n${["write-excel-file", "fflate"].map(notice).join("\n\n")}\n*/` },
  outfile: process.argv[2],
});
