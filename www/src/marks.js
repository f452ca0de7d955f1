// Which stretches of the pasted text were evidence: spans that overlap become one mark, so that
// every stretch is one stop of the keyboard.

/**
 * @typedef {object} Mark
 * @property {number} start UTF-16 offset in the text
 * @property {number} end
 * @property {number[]} links indexes into `because`
 * @property {"supports" | "contradicts"} role
 *
 * @typedef {string | Mark | { gap: true }} Piece plain text, a mark, or words left out
 */

/**
 *     marks([{ role: "supports", start: 4, end: 9 }], 20)
 *     // [{ start: 4, end: 9, links: [0], role: "supports" }]
 *
 * @param {readonly { role: string, start?: number | null, end?: number | null }[]} because
 * @param {number} length of the text
 * @returns {Mark[]} in the order of the text
 */
export function marks(because, length) {
  const spans = because
    .map(({ role, start, end }, index) => ({ start, end, role, links: [index] }))
    .filter(
      ({ start, end }) =>
        Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= length,
    )
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const merged = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last && span.start < last.end) {
      last.end = Math.max(last.end, span.end);
      last.links.push(...span.links);
      if (span.role === "supports") last.role = "supports";
    } else {
      merged.push(span);
    }
  }
  return merged;
}

/** Longer texts are shown around their marks only. */
const WHOLE = 6000;
/** How much stands on either side of a mark then, in UTF-16 units. */
const AROUND = 400;

/**
 * The text as a reader needs it: all of it, or the surroundings of each mark; where there is none, of the
 * words that the verdict was read from.
 *
 * @param {string} text
 * @param {Mark[]} found
 * @param {number} [words] where they begin, negative where that is not known
 * @returns {Piece[]}
 */
export function pieces(text, found, words = 0) {
  const whole = text.length <= WHOLE;
  if (!whole && found.length === 0) return around(text, Math.max(0, words));
  const out = [];
  let at = 0;
  for (const mark of found) {
    plain(out, text, at, mark.start, whole);
    out.push(mark);
    at = mark.end;
  }
  plain(out, text, at, text.length, whole, true);
  return out;
}

function around(text, at) {
  const from = at > AROUND ? lineStart(text, at - AROUND) : 0;
  const to = lineEnd(text, Math.min(text.length, at + 2 * AROUND));
  return [from > 0 && { gap: true }, text.slice(from, to), to < text.length && { gap: true }].filter(Boolean);
}

function plain(out, text, from, to, whole, last = false) {
  const first = out.length === 0;
  const head = first ? 0 : AROUND;
  const tail = last && !first ? 0 : AROUND;
  if (whole || to - from <= head + tail + AROUND) {
    if (from < to) out.push(text.slice(from, to));
    return;
  }
  if (head > 0) out.push(text.slice(from, lineEnd(text, from + head)));
  out.push({ gap: true });
  if (tail > 0) out.push(text.slice(lineStart(text, to - tail), to));
}

const lineEnd = (text, at) => {
  const next = text.indexOf("\n", at);
  return next < 0 || next - at > AROUND / 2 ? at : next + 1;
};
const lineStart = (text, at) => {
  const before = text.lastIndexOf("\n", at);
  return before < 0 || at - before > AROUND / 2 ? at : before + 1;
};
