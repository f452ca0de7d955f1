// Times that can be compared on a machine that does other things as well: every case runs in every round, for
// about as long, and ratios are taken within a round. Knows neither Node nor the browser.

/**
 * @typedef {object} Case
 * @property {string} id
 * @property {string} name
 * @property {number} texts how many there are
 * @property {(from: number, count: number) => () => void} take gives what does the work for some of them
 */

/** Milliseconds that a case runs in a round: less than a machine lets one program work at a stretch. */
const TURN = 2;

/**
 * Nanoseconds a text: the quartiles of each case, and the median of its ratio to the first case.
 *
 * @param {Case[]} cases
 * @param {number} rounds
 */
export function compare(cases, rounds) {
  const turns = cases.map((each) => turn(each, Math.min(rounds, 50) * TURN));
  const times = cases.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    cases.forEach((each, i) => times[i].push(time(each, turns[i], round)));
  }
  return cases.map(({ id, name }, i) => {
    const [q1, median, q3] = quartiles(times[i]);
    const ratio = quartiles(times[i].map((own, round) => own / times[0][round]))[1];
    return { id, name, q1, median, q3, ratio };
  });
}

/** How many texts a case takes in a round, and how often. Compilers have seen it work for a while then. */
function turn({ texts, take }, milliseconds) {
  const once = take(0, texts);
  let best = Infinity;
  const end = performance.now() + milliseconds;
  do {
    const begin = performance.now();
    once();
    best = Math.min(best, performance.now() - begin);
  } while (performance.now() < end);
  const count = Math.min(texts, Math.max(1, Math.round((TURN * texts) / best)));
  return { count, often: count < texts ? 1 : Math.max(1, Math.round(TURN / Math.max(best, 0.001))) };
}

function time({ texts, take }, { count, often }, round) {
  // Other texts in each round; before them, and not timed, some others: what ran before has emptied the caches.
  const from = (turn) => Math.floor(((turn * 0.618) % 1) * (texts - count + 1));
  take(from(round + 0.5), count)();
  const once = take(from(round), count);
  const begin = performance.now();
  for (let i = 0; i < often; i += 1) once();
  return ((performance.now() - begin) * 1e6) / count / often;
}

export function quartiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return [1, 2, 3].map((share) => sorted[Math.floor(((sorted.length - 1) * share) / 4)]);
}
