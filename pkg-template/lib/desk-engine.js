// One instance of the desk's wasm: a question in JSON goes in, an answer or an error in JSON comes out.

import { glue } from "./desk-glue.js";
import { failure } from "./error.js";
import { Room } from "./room.js";

/** `NaN` and `Infinity` would become null, which means something else: they go as text and are refused. */
const plain = (_, value) => (typeof value === "number" && !Number.isFinite(value) ? `${value}` : value);

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
    const at = this.#answer(this.#room.put(JSON.stringify(question, plain), 0, Infinity));
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
