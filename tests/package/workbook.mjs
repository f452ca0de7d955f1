// Reads a workbook back with nothing but Node: a zip (APPNOTE 4.3) of XML parts (ECMA-376).

import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";

/** The files of a zip by name, as text. */
export function unzip(bytes) {
  const zip = Buffer.from(bytes);
  const end = zip.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  const files = {};
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [size, name, extra, comment] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32)];
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const data = zip.subarray(start, start + size);
    files[zip.toString("utf8", at + 46, at + 46 + name)] = (zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(data) : data).toString("utf8");
    at += 46 + name + extra + comment;
  }
  return files;
}

const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const plain = (xml) => xml.replace(/&(lt|gt|amp|quot|apos);/g, (_, name) => ENTITIES[name]).replace(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex, number) => String.fromCodePoint(hex ? parseInt(hex, 16) : Number(number)));

/** The cells of each sheet: texts, numbers, dates and null. */
export function sheets(bytes) {
  const files = unzip(bytes);
  const shared = [...files["xl/sharedStrings.xml"].matchAll(/<si>(.*?)<\/si>/gs)].map(([, si]) => plain(/<t[^>]*>(.*?)<\/t>/s.exec(si)?.[1] ?? ""));
  const formats = new Map([...files["xl/styles.xml"].matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(([, id, code]) => [id, code]));
  const styles = [.../<cellXfs.*?<\/cellXfs>/s.exec(files["xl/styles.xml"])[0].matchAll(/<xf ([^>]*)>/g)].map(([, xf]) => formats.get(/numFmtId="(\d+)"/.exec(xf)?.[1]));
  const names = [...files["xl/workbook.xml"].matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(([, name]) => name);
  return names.map((name, index) => {
    const xml = files[`xl/worksheets/sheet${index + 1}.xml`];
    const rows = [...xml.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row]) => {
      const cells = [];
      for (const [, attributes, content] of row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
        const [, column] = /r="([A-Z]+)\d+"/.exec(attributes);
        const value = /<v>(.*?)<\/v>/s.exec(content ?? "")?.[1];
        const type = /t="([a-z]+)"/.exec(attributes)?.[1];
        const dated = styles[/s="(\d+)"/.exec(attributes)?.[1]]?.includes("yyyy");
        assert.ok(!/<f[ >]/.test(content ?? ""), `a formula in ${attributes}`);
        const at = [...column].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
        while (cells.length < at) cells.push(null);
        cells.push(value === undefined ? null : type === "s" ? shared[value] : dated ? new Date(Math.round((value - 25_569) * 86_400_000)) : Number(value));
      }
      return cells;
    });
    return { name, rows, xml };
  });
}
