// What the panels ask of the state.

/**
 * Whether these parts of the state are what they were, so that a panel has nothing to do.
 *
 * @param {import("./main.js").State} state
 * @param {import("./main.js").State} before
 * @param {...(keyof import("./main.js").State)} names
 */
export const unchanged = (state, before, ...names) => names.every((name) => state[name] === before[name]);
