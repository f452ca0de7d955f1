// What a spreadsheet would run.

/** Would be run as a formula, were it typed, pasted or opened as CSV. */
const FORMULA = /^'*[=+\-@\t\r]/;

/** A text that no spreadsheet runs. */
export const harmless = (text) => (FORMULA.test(text) ? `'${text}` : text);
