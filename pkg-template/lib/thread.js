// The other side of the pool: one thread, which answers what it is asked.

import { revived } from "./own.js";

/**
 * @param {object} api of the package
 * @param {(message: object, transfer?: ArrayBuffer[]) => void} post
 * @returns {(question: object) => void} hears a question
 */
export function answering({ classifyAll, classifyBatch }, post) {
  const rulesOf = revived();
  return ({ id, ask, input, inputs, options: given }) => {
    try {
      const options = { ...given, rules: rulesOf(given.rules) };
      if (ask === "classifyAll") post({ id, verdicts: classifyAll(input, options) });
      else {
        const result = classifyBatch(inputs, options);
        post({ id, columns: result.columns }, result.transferables());
      }
    } catch (error) {
      post({ id, error: { code: error.code, message: `${error?.message ?? error}` } });
    }
  };
}
