// Times that can be compared on a machine that does other things as well: every case runs in every round, and
// ratios are taken within a round. Knows neither Node nor the browser.

/**
 * @typedef {object} Case
 * @property {string} id
 * @property {string} name
 * @property {(round: number) => number} pass does the work once, and says on how many texts
 */

/**
 * Nanoseconds a text: the quartiles of each case, and the median of its ratio to the first case.
 *
 * @param {Case[]} cases
 * @param {number} rounds
 */
export function compare(cases, rounds) {
  for (const each of cases) each.pass(0);
  const times = cases.map(() => []);
  for (let round = 1; round <= rounds; round += 1) {
    cases.forEach((each, i) => times[i].push(time(each, round)));
  }
  return cases.map(({ id, name }, i) => {
    const [q1, median, q3] = quartiles(times[i]);
    const ratio = quartiles(times[i].map((own, round) => own / times[0][round]))[1];
    return { id, name, q1, median, q3, ratio };
  });
}

function time({ pass }, round) {
  const begin = performance.now();
  const texts = pass(round);
  return ((performance.now() - begin) * 1e6) / texts;
}

export function quartiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return [1, 2, 3].map((share) => sorted[Math.floor(((sorted.length - 1) * share) / 4)]);
}
