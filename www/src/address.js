// What the part after # of the page's address means: the view, or a text to open.
// Pasted text goes there only in a link that the reader asked for.

/**
 * @typedef {object} Place
 * @property {"read" | "report" | "reference"} view
 * @property {null | { what: "example" | "reason" | "category" | "text", id: string }} open a text to read
 * @property {string | null} [entry] of the reference, to be looked at
 */

/**
 *     placeOf("#example=greylisting") // { view: "read", open: { what: "example", id: "greylisting" } }
 *
 * @param {string} hash
 * @returns {Place}
 */
export function placeOf(hash) {
  const [name, id = ""] = hash.replace(/^#/, "").split("=");
  if (name === "report") return { view: "report", open: null };
  if (name === "reference") return { view: "reference", open: null, entry: id || null };
  if (["example", "reason", "category", "text"].includes(name) && id) {
    return { view: "read", open: { what: name, id: plain(id) } };
  }
  return { view: "read", open: null };
}

/** A half of a percent sign is no reason to fail. */
function plain(id) {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The link that opens an example, a reason's or a category's text, or one that was folded. */
export const linkTo = (what, id) => `#${what}=${encodeURIComponent(id)}`;

/** Forgets which text was opened, once the reader has changed it. */
export function leaveText() {
  if (placeOf(location.hash).open) history.replaceState(null, "", location.pathname + location.search);
}
