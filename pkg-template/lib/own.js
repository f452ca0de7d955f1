// The user's own rules: what they say, and the wasm that finds them. The engine asks for each reply.

import { failure, named } from "./error.js";
import { Home } from "./home.js";
import { REASONS } from "./names.js";
import { OWN } from "./options.js";
import { glue } from "./regex-glue.js";
import { Room } from "./room.js";

const MOST_RULES = 1000;
const MOST_LETTERS = 4096;
const KEYS = ["id", "pattern", "reason"];

/**
 * @param {object} where the wasm is (see `Home`)
 * @param {string} cure what to do where it is not found
 */
export function bindRules(where, cure) {
  const home = new Home(where, cure, (module) => module);
  return async function createRules(rules, source) {
    const list = checked(rules);
    await home.load(source);
    return new OwnRules(home.ready(), list);
  };
}

/** What the option `rules` takes. */
class OwnRules {
  [OWN] = true;
  #module;
  #reasons;
  #wasm;
  #room;

  constructor(module, rules) {
    this.rules = rules;
    this.#module = module;
    this.#reasons = rules.map(({ reason }) => REASONS.indexOf(reason));
    this.#open();
  }

  /** Rules that hold in a text that stands in another wasm's memory: writes them there, and gives how many they are. */
  ask(memory, text, length, hits, most) {
    try {
      if (this.#wasm === undefined) this.#open();
      const at = this.#wasm.find(this.#room.put(new Uint8Array(memory.buffer, text, length), 0, Infinity)) >>> 2;
      const { words } = this.#room;
      const count = Math.min(words[at], most);
      const out = new Uint32Array(memory.buffer, hits, 4 * count);
      for (let hit = 0; hit < count; hit += 1) {
        const from = at + 1 + 3 * hit;
        const rule = words[from];
        out.set([rule, this.#reasons[rule], words[from + 1], words[from + 2]], 4 * hit);
      }
      return count;
    } catch (error) {
      // What is left of it is not to be trusted; the next call makes a new one.
      this.#wasm = undefined;
      throw error;
    }
  }

  /** What a thread needs to have the same rules. */
  portable() {
    return { module: this.#module, rules: this.rules };
  }

  #open() {
    const wasm = glue().initSync({ module: this.#module });
    const room = new Room(wasm);
    for (const { id, pattern } of this.rules) refuse(room, wasm.add(room.put(pattern, 0, Infinity)), `rule \`${id}\``);
    refuse(room, wasm.seal(), "all rules together");
    this.#wasm = wasm;
    this.#room = room;
  }
}

/** The rules of another thread, made when they are first met. */
export function revived() {
  let last;
  let kept;
  return (rules) => {
    if (rules === undefined || same(last, rules)) return rules && kept;
    kept = new OwnRules(rules.module, rules.rules);
    last = rules;
    return kept;
  };
}

/** Each message brings a copy. */
function same(one, other) {
  return one !== undefined && one.rules.length === other.rules.length &&
    one.rules.every((rule, index) => KEYS.every((key) => rule[key] === other.rules[index][key]));
}

function refuse(room, at, who) {
  if (at !== 0) throw failure("bad-rule", `${who}: ${room.answer(at >>> 0)}`);
}

function checked(rules) {
  if (!Array.isArray(rules)) throw failure("bad-rule", `the rules must be an array of \`{ id, pattern, reason }\`, not ${named(rules)}`);
  if (rules.length > MOST_RULES) throw failure("bad-rule", `there are ${rules.length} rules; at most ${MOST_RULES} are taken`);
  const ids = new Set();
  return Object.freeze(rules.map((rule, index) => {
    const who = typeof rule?.id === "string" && rule.id !== "" ? `rule ${named(rule.id)}` : `rule ${index}`;
    const wrong = (why) => failure("bad-rule", `${who}: ${why}`);
    if (rule === null || typeof rule !== "object") throw wrong(`it must be \`{ id, pattern, reason }\`, not ${named(rule)}`);
    const { id, pattern, reason } = rule;
    for (const key of Object.keys(rule)) if (!KEYS.includes(key)) throw wrong(`unknown key \`${key}\`; known: ${KEYS.join(", ")}`);
    if (typeof id !== "string" || id === "") throw wrong(`\`id\` must be a name, not ${named(id)}`);
    if (ids.has(id)) throw wrong("another rule has this `id`");
    ids.add(id);
    if (typeof pattern !== "string" || pattern === "") throw wrong(`\`pattern\` must be a regular expression as a string, not ${named(pattern)}`);
    if (pattern.length > MOST_LETTERS) throw wrong(`\`pattern\` is longer than ${MOST_LETTERS} letters`);
    if (!REASONS.includes(reason)) throw wrong(`unknown reason ${named(reason)}; \`reasons\` lists them`);
    return Object.freeze({ id, pattern, reason });
  }));
}
