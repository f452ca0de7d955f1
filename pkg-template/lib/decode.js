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

export function statusText(packed) {
  if (packed === 0) return null;
  return `${Math.floor(packed / 1000000)}.${Math.floor(packed / 1000) % 1000}.${packed % 1000}`;
}

function statusMeaning(packed) {
  if (packed === 0) return null;
  return STATUSES[packed % 1000000] ?? SUBJECTS[Math.floor(packed / 1000) % 1000] ?? null;
}

/** What a link of the chain rests on; the order is that of `types::Source`. */
function ruleName(source, value) {
  switch (source) {
    case 0:
      return RULES[value];
    case 1:
      return `code/${PROVIDERS[value >>> 24]}/${statusText(value & 0xffffff)}`;
    case 2:
      return `code/${statusText(value)}`;
    case 3:
      return `code/${value}`;
    case 4:
      return `blocklist/${BLOCKLISTS[value]}`;
    case 5:
      return "class";
    default:
      return "form";
  }
}

/** Reads words one after the other. */
export class Reader {
  /**
   * @param {Uint32Array} words
   * @param {number} at where to begin
   * @param {string | null} input the caller's text, where it was a string
   * @param {string} own the engine's own text
   */
  constructor(words, at, input, own) {
    this.words = words;
    this.at = at;
    this.input = input;
    this.own = own;
  }

  word() {
    return this.words[this.at++];
  }

  optional() {
    const word = this.word();
    return word === NONE ? null : word;
  }

  string() {
    const start = this.word();
    const end = this.word();
    if (start === NONE) return null;
    return start >= OWN ? this.own.slice(start - OWN, end) : this.input.slice(start, end);
  }

  verdict() {
    const what = this.word();
    const how = this.word();
    const who = this.word();
    const code = this.word();
    const status = this.word();
    const confidence = this.word();
    const retryAfter = this.optional();
    return {
      kind: KINDS[what & 255],
      type: nameOf(TYPES, (what >>> 8) & 255),
      category: nameOf(CATEGORIES, (what >>> 16) & 255),
      reason: nameOf(REASONS, what >>> 24),
      fault: FAULTS[how & 255],
      confidence: confidence / 1000,
      likelyHard: ((how >>> 8) & 255) === 1,
      code: code || null,
      status: statusText(status),
      statusMeaning: statusMeaning(status),
      recipient: this.string(),
      originalRecipient: this.string(),
      diagnostic: this.string() ?? "",
      remoteHost: this.string(),
      reportingHost: this.string(),
      provider: nameOf(PROVIDERS, who & 255),
      command: nameOf(COMMANDS, how >>> 24),
      retryAfter,
      cause: nameOf(REASONS, (who >>> 8) & 255),
      form: FORMS[(how >>> 16) & 255],
      because: this.because(),
      runnerUp: runnerUp(who),
    };
  }

  because() {
    const links = new Array(this.word());
    for (let i = 0; i < links.length; i += 1) {
      const what = this.word();
      const value = this.word();
      const start = this.optional();
      const end = this.optional();
      links[i] = {
        rule: ruleName(what >>> 24, value),
        role: (what & 255) === 0 ? "supports" : "contradicts",
        reason: REASONS[(what >>> 16) & 255],
        strength: STRENGTHS[((what >>> 8) & 255) - 1],
        text: this.string() ?? "",
        start,
        end,
      };
    }
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
