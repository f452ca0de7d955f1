// All that is measured in one process, in Node and in the browser alike.

import { floors } from "./floors.mjs";
import { compare } from "./measure.mjs";
import { regexClassifier } from "./regexes.mjs";
import { scaling } from "./scaling.mjs";

/** Where answers go, so that no compiler leaves the work out. */
let sink;

/**
 * @param {object} given
 * @param {object} given.api the package
 * @param {object} [given.before] an older one
 * @param {BufferSource} given.floorWasm
 * @param {object} given.material texts and expressions, as `xtask/src/bench/material.rs` wrote them
 * @param {boolean} given.quick
 * @param {() => object} given.memory bytes in use, by kind
 * @param {(what: string) => void} given.say
 */
export function suite({ api, before, floorWasm, material, quick, memory, say }) {
  const floor = floors(floorWasm);
  const regexes = regexClassifier(material.regexes);
  const indexed = regexClassifier(material.regexes, { indexed: true });
  const replies = quick ? material.replies.filter((_, i) => i % 6 === 0) : material.replies;
  const { reports } = material;
  const rounds = quick ? 3 : 151;
  const groups = [];
  const add = (id, title, texts, cases) => {
    say(title);
    groups.push({ id, title, texts: texts.length, bytes: bytesOf(texts), rows: compare(cases, rounds) });
  };

  // The compiler of wasm works beside us, and late on a busy machine.
  const warm = performance.now() + (quick ? 100 : 4_000);
  while (performance.now() < warm) {
    sink = api.classifyBatch(replies);
    for (const text of replies) sink = floor.look(text) + floor.scan(text);
  }

  add("reply", "one reply", replies, [
    each("look", "floor: a table look-up per byte", replies, floor.look),
    each("scan", "floor: a SIMD scan", replies, floor.scan),
    each("encode", "floor: encodeInto alone", replies, floor.encode),
    each("index-of", "floor: indexOf alone", replies, floor.indexOf),
    each("nothing", "floor: an empty call into wasm", replies, floor.nothing),
    each("classify", "classify", replies, api.classify),
    batch("batch", "classifyBatch, strings", replies, api.classifyBatch),
    batch("batch-bytes", "classifyBatch, bytes and offsets", replies, (texts) => api.classifyBatch(texts), slices),
    ...(before ? [each("before", "classify, the release before", replies, before.classify)] : []),
    ...(before ? [batch("before-batch", "classifyBatch, the release before", replies, before.classifyBatch)] : []),
    each("indexed", "JavaScript regexes, those alone of which a word is there", replies, indexed),
    each("regexes", `${material.regexes.rules.length} JavaScript regexes, one a rule`, replies, regexes),
  ]);

  const verdicts = replies.map((reply) => api.classify(reply));
  const options = { campaign: "spring", now: 1_760_000_000_000 };
  add("after", "with a verdict", replies, [
    each("look", "floor: a table look-up per byte", replies, floor.look),
    each("decide", "decide", verdicts, (verdict) => api.decide(verdict, options)),
    each("advise", "advise", verdicts, (verdict) => api.advise(verdict)),
  ]);

  add("report", "a whole report (DSN)", reports, [
    each("look", "floor: a table look-up per byte", reports, floor.look),
    each("classify", "classify, a string", reports, api.classify),
    each("classify-bytes", "classify, bytes", reports.map((text) => new TextEncoder().encode(text)), api.classify),
    each("all", "classifyAll", reports, api.classifyAll),
    ...(before ? [each("before", "classify, the release before", reports, before.classify)] : []),
  ]);

  groups.push(...scaling({ api, floor, material, quick, memory, say }));
  return { groups, agreement: agreement(verdicts, replies, regexes), rules: material.regexes.rules.length };
}

/** One call a text. */
function each(id, name, texts, call) {
  const take = (from, count) => {
    const some = texts.slice(from, from + count);
    return () => {
      for (const text of some) sink = call(text);
    };
  };
  return { id, name, texts: texts.length, take };
}

/** One call for all of a round, in the form that the call wants. */
function batch(id, name, texts, call, form = (some) => some) {
  const take = (from, count) => {
    const some = form(texts.slice(from, from + count));
    return () => {
      sink = call(some);
    };
  };
  return { id, name, texts: texts.length, take };
}

/** As bytes and offsets. */
function slices(texts) {
  const parts = texts.map((text) => new TextEncoder().encode(text));
  const offsets = new Uint32Array(parts.length + 1);
  parts.forEach((part, i) => (offsets[i + 1] = offsets[i] + part.length));
  const bytes = new Uint8Array(offsets[parts.length]);
  parts.forEach((part, i) => bytes.set(part, offsets[i]));
  return { bytes, offsets };
}

/** The mean. */
const bytesOf = (texts) => texts.reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0) / texts.length;

/** The share of texts for which the expressions come to the same reason. */
function agreement(verdicts, texts, regexes) {
  return verdicts.filter(({ reason }, i) => (reason ?? undefined) === regexes(texts[i])).length / texts.length;
}
