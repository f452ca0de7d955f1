// The rules as a list of regular expressions, made from data/ by `xtask/src/bench/regexes.rs`: what somebody
// would write in JavaScript who has no engine. It reads the same words, so it mostly comes to the same answer.

const URL_ = /\bhttps?:\/\/[^\s<>")\]]+|\bwww\.[^\s<>")\]]+/g;
const ADDRESS = /[^\s<>"(),:;[\]]+@[^\s<>"(),:;[\]]+/g;
const IP = /\b\d{1,3}(?:\.\d{1,3}){3}\b|\b(?:[0-9a-f]{1,4}:){3,}[0-9a-f:]+/g;
const HOST = /\b(?:[a-z0-9_-]+\.)+[a-z]{2,}\b/g;
const STATUS = /\b([245])\.(\d{1,3}\.\d{1,3})\b/;
const CODES = /(?:^|\n|(?<=\bsaid: ))[245]\d\d(?:[ -]|$)|\b[245]\.\d{1,3}\.\d{1,3}\b/g;
const REPLY = /(?:^|said: |\n)([245]\d\d)\b/;
const WORD = /[AHUI]|[\p{Ll}\p{Lo}\p{N}]+/gu;
const CHARACTER = /[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]/g;

/**
 * @param {object} list what `regexes.rs` made
 * @param {object} [options]
 * @param {boolean} [options.indexed] tries only the rules that need a word of the text: as well as it can be done
 */
export function regexClassifier(list, { indexed = false } = {}) {
  const fillers = new Set(list.fillers);
  const order = new Map(list.order.map((reason, place) => [reason, place]));
  const hosts = new Map(list.hosts);
  const zones = new Map(list.lists.flatMap((each) => each.zones.map((zone) => [zone, each])));
  const statuses = new Map(list.codes.map(([detail, ...rest]) => [detail, rest]));
  const replies = new Map(list.replies);
  const providerCodes = new Map(list.providerCodes.map(([provider, code, ...rest]) => [`${provider} ${code}`, rest]));
  const marks = list.marks.map(expressions);
  const rules = list.rules.map((rule) => ({
    ...rule,
    find: expressions(rule.find),
    unless: expressions(rule.unless),
    codes: rule.codes.length > 0 ? rule.codes.map((code) => code.toLowerCase()) : null,
  }));

  const always = indexed ? rules.filter(({ needs }) => needs === null) : rules;
  const byWord = new Map();
  for (const rule of indexed ? rules : []) {
    for (const word of rule.needs ?? []) byWord.set(word, [...(byWord.get(word) ?? []), rule]);
  }

  /** The rules that are worth a try. */
  function candidates(words) {
    if (!indexed) return rules;
    const some = new Set(always);
    const add = (key) => {
      for (const rule of byWord.get(key) ?? []) some.add(rule);
    };
    for (const word of words.split(" ")) {
      add(word);
      for (let end = 1; end <= word.length; end += 1) add(`${word.slice(0, end)}*`);
    }
    return some;
  }

  return function classify(text) {
    const lower = text.toLowerCase();
    const plain = read(lower, fillers);
    const status = STATUS.exec(lower);
    const reply = REPLY.exec(lower)?.[1];
    let provider = byName(hosts, plain.hosts);
    for (let i = 0; provider === undefined && i < marks.length; i += 1) if (holds(marks[i], plain)) provider = i;
    let best;
    const speak = (reason, strength) => {
      if (best === undefined || strength > best.strength || (strength === best.strength && order.get(reason) < order.get(best.reason))) {
        best = { reason, strength };
      }
    };
    for (const rule of candidates(plain.all)) {
      if (rule.provider !== null && rule.provider !== provider) continue;
      if (!holds(rule.find, plain)) continue;
      if (rule.codes !== null && !rule.codes.some((code) => fits(code, reply, status))) continue;
      if (!holds(rule.unless, plain)) speak(rule.reason, rule.strength);
    }
    const zone = byName(zones, plain.hosts);
    if (zone !== undefined) speak(zone.reason, zone.strength);
    if (status !== null) {
      const own = provider === undefined ? undefined : providerCodes.get(`${provider} ${status[0]}`);
      if (own !== undefined) speak(...own);
      const known = statuses.get(status[2]);
      if (known !== undefined) speak(known[status[1] === "4" ? 1 : 0], known[2]);
    }
    if (best === undefined && reply !== undefined) speak(replies.get(Number(reply)), 0);
    return best?.reason;
  };
}

/** The expressions for the words alone, and for the words with the things between them. */
const expressions = (pair) => pair.map((source) => (source === null ? null : new RegExp(source)));

const holds = ([words, things], plain) =>
  (words !== null && words.test(plain.words)) || (things !== null && things.test(plain.all));

/** Lower case in, plain words out. */
function read(lower, fillers) {
  if (/[^\0-\x7f]/.test(lower)) lower = lower.normalize("NFKD").replace(/\p{M}/gu, "").replace(/ß/g, "ss").replace(CHARACTER, " $& ");
  const hosts = lower.match(HOST) ?? [];
  const marked = lower
    .replace(CODES, " ")
    .replace(URL_, " U ")
    .replace(ADDRESS, " A ")
    .replace(IP, " I ")
    .replace(HOST, " H ")
    .replace(/e-mail/g, "email")
    .replace(/['’]/g, "");
  let all = " ";
  let words = " ";
  for (const word of marked.match(WORD) ?? []) {
    if (fillers.has(word)) continue;
    all += `${word} `;
    if (word.length > 1 || word < "A" || word > "Z") words += `${word} `;
  }
  return { all, words, hosts };
}

/** What is known of a host or of a domain above it. */
function byName(known, names) {
  for (const name of names) {
    for (let rest = name; rest.includes("."); rest = rest.slice(rest.indexOf(".") + 1)) {
      const found = known.get(rest);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** A reply code, or an enhanced code of which the end may be missing, and the class be `x`. */
function fits(code, reply, status) {
  if (/^\d{3}$/.test(code)) return reply === code;
  const parts = code.split(".");
  if (status === null) return parts.length === 1 && reply !== undefined && reply.startsWith(code);
  const own = status[0].split(".");
  return parts.every((part, i) => part === "x" || part === own[i]);
}
