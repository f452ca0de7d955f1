import type { OwnRule, OwnRules, WasmSource } from "./types.js";

/**
 * Makes rules of one's own, for the option `rules` of every function that reads. Patterns have the syntax of Rust's `regex`
 * crate and are searched for in what the server said: the reply, or the words around it where it says nothing. The first
 * rule of the list that holds decides the reason; what bouncelens would have said stays in `because` and `runnerUp`.
 *
 * It loads a wasm of its own, once: no `init` is needed for it. `source` says where that is, as for `init`.
 *
 * @throws `bad-rule`, naming the rule and what is wrong with it
 *
 * @example
 * const rules = await createRules([{ id: "acme/closed", pattern: "(?i)account closed by acme", reason: "mailbox-disabled" }]);
 * classify(reply, { rules }).because[0].rule; // "acme/closed"
 */
export function createRules(rules: readonly OwnRule[], source?: WasmSource | Promise<WasmSource>): Promise<OwnRules>;
