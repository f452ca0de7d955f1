// Errors are about how the package is called, never about what a mail says.

/** A plain `Error` with a kebab-case `code`. */
export function failure(code, message, cause) {
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  error.code = code;
  return error;
}

/** Names a value in a message: its type, and itself where it is short. */
export function named(value) {
  if (typeof value === "string") return value.length > 40 ? "a long string" : `\`${value}\``;
  if (value === null || typeof value === "number" || typeof value === "boolean") return `${value}`;
  return Array.isArray(value) ? "an array" : `a value of type ${typeof value}`;
}
