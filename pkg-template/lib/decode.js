// Numbers from the engine to plain objects. The layout is that of `src/wasm/words.rs`.

import {
  BLOCKLISTS,
  CATEGORIES,
  COMMANDS,
  FAULTS,
  FORMS,
  KINDS,
  PROVIDERS,
  REASONS,
  RULES,
  STATUSES,
  STRENGTHS,
  SUBJECTS,
  TYPES,
} from "./names.js";

const NONE = 0xffffffff;
/** Set in a string's first word when it stands in the engine's own text, not in the input. */
const OWN = 0x80000000;
/** An index byte that means none. */
const NO_INDEX = 255;

const nameOf = (names, index) => (index === NO_INDEX ? null : names[index]);

/** What was said of codes: few are met again and again. A text may hold any, so there is an end to it. */
const MOST = 4096;
const CODES = /* @__PURE__ */ new Map();

/** An enhanced code as text, what it means, and the rule that rests on it. */
function codeOf(packed) {
  let code = CODES.get(packed);
  if (code === undefined) {
    const [whole, subject, detail] = [Math.floor(packed / 1000000), Math.floor(packed / 1000) % 1000, packed % 1000];
    const text = `${whole}.${subject}.${detail}`;
    code = { text, meaning: STATUSES[packed % 1000000] ?? SUBJECTS[subject] ?? null, rule: `code/${text}` };
    if (CODES.size >= MOST) CODES.clear();
    CODES.set(packed, code);
  }
  return code;
}

export const statusText = (packed) => (packed === 0 ? null : codeOf(packed).text);
const statusMeaning = (packed) => (packed === 0 ? null : codeOf(packed).meaning);

/** What a link of the chain rests on; the order is that of `types::Source`. */
function ruleName(source, value, rules) {
  switch (source) {
    case 0:
      return RULES[value];
    case 1:
      return `code/${PROVIDERS[value >>> 24]}/${statusText(value & 0xffffff)}`;
    case 2:
      return value === 0 ? "code/null" : codeOf(value).rule;
    case 3:
      return `code/${value}`;
    case 4:
      return `blocklist/${BLOCKLISTS[value]}`;
    case 5:
      return "class";
    case 6:
      return "form";
    case 7:
      return rules[value].id;
    default:
      return "word";
  }
}

/** Reads words one after the other. */
export class Reader {
  /**
   * @param {Uint32Array} words
   * @param {number} at where to begin
   * @param {string | null} input the caller's text, where it was a string
   * @param {string} own the engine's own text
   * @param {readonly { id: string }[]} [rules] the user's own
   */
  constructor(words, at, input, own, rules) {
    this.words = words;
    this.at = at;
    this.input = input;
    this.own = own;
    this.rules = rules;
  }

  word() {
    return this.words[this.at++];
  }

  optional() {
    const word = this.word();
    return word === NONE ? null : word;
  }

  string() {
    this.at += 2;
    return this.stringAt(this.at - 2);
  }

  stringAt(at) {
    const start = this.words[at];
    if (start === NONE) return null;
    const end = this.words[at + 1];
    return start >= OWN ? this.own.slice(start - OWN, end) : this.input.slice(start, end);
  }

  verdict() {
    const { words, at } = this;
    // From here on by place, not by turns: it is what each call does.
    const what = words[at];
    const how = words[at + 1];
    const who = words[at + 2];
    const status = words[at + 4];
    const retryAfter = words[at + 6];
    this.at = at + 17;
    return {
      kind: KINDS[what & 255],
      type: nameOf(TYPES, (what >>> 8) & 255),
      category: nameOf(CATEGORIES, (what >>> 16) & 255),
      reason: nameOf(REASONS, what >>> 24),
      fault: FAULTS[how & 255],
      confidence: words[at + 5] / 1000,
      likelyHard: ((how >>> 8) & 255) === 1,
      code: words[at + 3] || null,
      status: statusText(status),
      statusMeaning: statusMeaning(status),
      recipient: this.stringAt(at + 7),
      originalRecipient: this.stringAt(at + 9),
      diagnostic: this.stringAt(at + 11) ?? "",
      remoteHost: this.stringAt(at + 13),
      reportingHost: this.stringAt(at + 15),
      provider: nameOf(PROVIDERS, who & 255),
      command: nameOf(COMMANDS, how >>> 24),
      retryAfter: retryAfter === NONE ? null : retryAfter,
      cause: nameOf(REASONS, (who >>> 8) & 255),
      form: FORMS[(how >>> 16) & 255],
      because: this.because(),
      runnerUp: runnerUp(who),
    };
  }

  because() {
    const { words } = this;
    const links = [];
    let at = this.at + 1;
    for (let left = words[this.at]; left > 0; left -= 1) {
      const what = words[at];
      const start = words[at + 2];
      const end = words[at + 3];
      links.push({
        rule: ruleName(what >>> 24, words[at + 1], this.rules),
        role: (what & 255) === 0 ? "supports" : "contradicts",
        reason: REASONS[(what >>> 16) & 255],
        strength: STRENGTHS[((what >>> 8) & 255) - 1],
        text: this.stringAt(at + 4) ?? "",
        start: start === NONE ? null : start,
        end: end === NONE ? null : end,
      });
      at += 6;
    }
    this.at = at;
    return links;
  }

  notice() {
    const what = this.word();
    return {
      kind: KINDS[what & 255],
      form: FORMS[(what >>> 8) & 255],
      reply: this.string() ?? "",
      prose: this.string(),
      code: this.word() || null,
      status: statusText(this.word()),
      command: nameOf(COMMANDS, what >>> 24),
      recipient: this.string(),
      originalRecipient: this.string(),
      recipientDomain: this.string(),
      sender: this.string(),
      remoteHost: this.string(),
      reportingHost: this.string(),
      sendingIp: this.string(),
      time: this.string(),
      campaign: this.string(),
      messageId: this.string(),
      queueId: this.string(),
      subject: this.string(),
      retryUntil: this.string(),
      attempts: this.optional(),
      systemClass: this.string(),
      notes: Array.from({ length: this.word() }, () => this.string() ?? ""),
    };
  }
}

function runnerUp(who) {
  const reason = (who >>> 16) & 255;
  return reason === NO_INDEX ? null : { category: CATEGORIES[who >>> 24], reason: REASONS[reason] };
}
