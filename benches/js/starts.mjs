import { quartiles } from "./measure.mjs";

/**
 * Many cold starts of each kind, one kind after the other in each round: rows of quartiles in milliseconds.
 *
 * @param {(what: string) => Promise<object>} start makes one
 * @param {[string, string, string][]} kinds id, name, and what `start` calls it
 * @param {number} rounds
 */
export async function starts(start, kinds, rounds) {
  const all = kinds.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, [, , what]] of kinds.entries()) all[i].push(await start(what));
  }
  return kinds.map(([id, name], i) => {
    const parts = Object.keys(all[i][0]);
    const of = (part) => quartiles(all[i].map((each) => each[part]));
    const [q1, median, q3] = of("all");
    return { id, name, q1, median, q3, parts: Object.fromEntries(parts.map((part) => [part, of(part)[1]])) };
  });
}
