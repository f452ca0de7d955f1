// `cargo xtask bench --quick --only node` runs to the end and says what it should. How fast is not tested here:
// `cargo xtask bench --check` compares ratios.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { installed, run } from "./consumer.mjs";

test("the bench measures every case", () => {
  const script = fileURLToPath(new URL("../../benches/js/node.mjs", import.meta.url));
  const { BOUNCELENS_MATERIAL: material, BOUNCELENS_FLOOR: floor } = process.env;
  const result = JSON.parse(run(process.execPath, [script, installed, material, floor, "--against", installed, "--quick"]));
  assert.equal(result.where, "node");
  const { replies } = JSON.parse(readFileSync(material, "utf8"));
  assert.ok(replies.length >= 300, `${replies.length} texts are so few that a cache may hold them`);
  const ids = result.groups.map(({ id }) => id);
  assert.deepEqual(ids, ["reply", "after", "report", "lines", "length", "hostile-1000", "workers", "cold"]);
  for (const { id, rows } of result.groups) {
    assert.ok(rows.length > 1, id);
    for (const row of rows) for (const [key, value] of Object.entries(row)) if (typeof value === "number") assert.ok(value > 0, `${id}, ${row.name}: ${key} is ${value}`);
  }
  assert.ok(result.agreement > 0.8, `the regular expressions agree with the engine on ${result.agreement} of the texts only`);
});
