// Errors are about how the package is called, never about what a mail says.

/** A plain `Error` with a kebab-case `code`. */
export function failure(code, message, cause) {
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  error.code = code;
  return error;
}

/** Names a value in a message: itself where it is short, otherwise its type, such as `Promise`. */
export function named(value) {
  if (typeof value === "string") return value.length > 40 ? "a long string" : `\`${value}\``;
  if (Array.isArray(value)) return "an array";
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return String(value);
  return `a value of type ${Object.prototype.toString.call(value).slice(8, -1)}`;
}
