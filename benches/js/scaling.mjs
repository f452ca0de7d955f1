// How time and memory grow: with the lines of a batch, with the length of a text, and for texts that are made
// to be slow. Long texts go through `classifyAll`: `classify` decides no more than the first of their records.

import { quartiles } from "./measure.mjs";

/** Where answers go, so that no compiler leaves the work out. */
let sink;

export function scaling({ api, floor, material, quick, memory, say }) {
  const most = quick ? 1_000 : 1_000_000;
  const longest = quick ? 10_000 : 10_000_000;
  const groups = [];
  say("lines of a batch");
  groups.push({ id: "lines", title: "lines of a batch", rows: powers(1, most).map((lines) => ofLines(lines)) });
  say("length of a text");
  groups.push({ id: "length", title: "length of a text", rows: powers(100, longest).map((bytes) => ofLength(bytes)) });
  for (const bytes of quick ? [1_000] : [16_000, 10_000_000]) {
    say(`texts that are made to be slow, ${bytes} bytes`);
    groups.push({ id: `hostile-${bytes}`, title: `texts that are made to be slow, ${bytes} bytes`, ...hostile(bytes) });
  }
  return groups;

  function ofLines(lines) {
    const { replies } = material;
    // Neighbours are alike, so even a few lines are taken from all over.
    const texts = Array.from({ length: lines }, (_, i) => replies[(i * 181) % replies.length]);
    const length = texts.reduce((sum, text) => sum + text.length, 0);
    const run = () => {
      sink = api.classifyBatch(texts);
    };
    const look = () => {
      for (const text of texts) sink = floor.look(text);
    };
    const { own, ratio } = beside(run, look, lines);
    return { at: lines, perLine: own / lines, megabytesPerSecond: (length * 1000) / own, ratio, ...memory() };
  }

  function ofLength(bytes) {
    const text = longText(material.ordinary, bytes);
    const { own, ratio } = beside(() => (sink = api.classifyAll(text)), () => (sink = floor.look(text)), bytes / 100);
    return { at: bytes, perByte: own / bytes, ratio, ...memory() };
  }

  /** Beside ordinary text of the same length. */
  function hostile(bytes) {
    const rounds = quick ? 2 : bytes > 1e6 ? 2 : 9;
    const inputs = [material.ordinary, ...material.hostile].map((input) => ({ name: input.name, text: longText(input, bytes), times: [] }));
    const looks = [];
    for (let round = 0; round <= rounds; round += 1) {
      looks.push(time(() => (sink = floor.look(inputs[0].text))));
      for (const { text, times } of inputs) {
        const took = time(() => (sink = api.classifyAll(text)));
        if (round > 0) times.push(took);
      }
    }
    // Noise only ever adds: of so few rounds the fastest says most.
    const best = inputs.map(({ times }) => Math.min(...times));
    const rows = inputs.map(({ name }, i) => ({ name, perByte: best[i] / bytes, ratio: best[i] / best[0] }));
    return { look: Math.min(...looks) / bytes, rows };
  }

  /** Nanoseconds of one run, and its ratio to another one: medians of as many rounds as the size allows. */
  function beside(run, other, size) {
    const rounds = quick || size > 500_000 ? 1 : size > 50_000 ? 3 : 31;
    // A browser's clock has steps of some microseconds: what is short is done many times.
    const times = Math.max(1, Math.round((quick ? 20 : 100) / size));
    // And both take about as long, so that they are interrupted alike.
    const otherTimes = times * (quick || size > 10_000 ? 1 : 20);
    const own = [];
    const ratios = [];
    // What comes before has warmed up what is large.
    if (size < 500_000) run();
    other();
    for (let round = 0; round < rounds; round += 1) {
      own.push(time(run, times));
      ratios.push(own.at(-1) / time(other, otherTimes));
    }
    return { own: quartiles(own)[1], ratio: quartiles(ratios)[1] };
  }
}

function time(run, times = 1) {
  const begin = performance.now();
  for (let i = 0; i < times; i += 1) run();
  return ((performance.now() - begin) * 1e6) / times;
}

function powers(from, to) {
  const all = [];
  for (let each = from; each <= to; each *= 10) all.push(each);
  return all;
}

/** A head and a repeated unit, in which `{n}` counts, cut at a length. As `benches/texts.rs` makes it. */
export function longText({ head, unit }, bytes) {
  const counts = unit.includes("{n}");
  const parts = [head];
  let length = head.length;
  for (let n = 0; length < bytes; n += 1) {
    const part = counts ? unit.replaceAll("{n}", n) : unit;
    parts.push(part);
    length += part.length;
  }
  // Joined and cut, a string of V8 is a tree; as bytes and back it is flat, as one that was read from a file.
  const flat = new TextEncoder().encode(parts.join(""));
  return new TextDecoder().decode(flat.subarray(0, bytes)).replace(/\ufffd+$/, "");
}
