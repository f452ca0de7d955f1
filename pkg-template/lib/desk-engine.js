// One instance of the desk's wasm: a question in JSON goes in, an answer or an error in JSON comes out.

import { glue } from "./desk-glue.js";
import { failure } from "./error.js";
import { Room } from "./room.js";

/** `NaN` and `Infinity` would become null, which means something else: they go as text and are refused. */
const plain = (_, value) => (isOdd(value) ? `${value}` : value);

const isOdd = (value) => typeof value === "number" && !Number.isFinite(value);

/** Whether there is such a number; a look costs a fraction of a replacer, which is called for each value. */
function hasOdd(value) {
  if (typeof value !== "object" || value === null) return isOdd(value);
  for (const key in value) if (hasOdd(value[key])) return true;
  return false;
}

function json(question) {
  // First as it is: what cannot be written, as a circle, is refused here.
  const text = JSON.stringify(question);
  return hasOdd(question) ? JSON.stringify(question, plain) : text;
}

export class DeskEngine {
  /** Nothing can be asked of it any more, and what was open in it is lost. */
  dead = false;
  #wasm;
  #room;

  constructor(module) {
    this.#wasm = glue().initSync({ module });
    this.#room = new Room(this.#wasm);
  }

  ask(question) {
    const at = this.#answer(this.#room.put(json(question), 0, Infinity));
    const { answer, error } = JSON.parse(this.#room.answer(at));
    this.#room.shrink();
    if (error !== undefined) throw failure(error.code, error.message);
    return answer;
  }

  #answer(length) {
    try {
      return this.#wasm.ask(length);
    } catch (error) {
      this.dead = true;
      throw failure("internal", `bouncelens failed on this question, which is a defect; please report it: ${error}`, error);
    }
  }
}
