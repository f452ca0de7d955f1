// Building elements without HTML: whatever a bounce contains becomes text and nothing else.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element.
 *
 *     h("button", { class: "quiet", type: "button", onclick: clear }, "Clear")
 *
 * A property that is a function becomes a listener, `true` an empty attribute; `false`, `null` and
 * `undefined` are left out.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [props]
 * @param {...(Node | string | number | null | undefined | false | unknown[])} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  return fill(document.createElement(tag), props, children);
}

/**
 * A line icon of the house: 16 units square, drawn with the colour of the text.
 *
 * @param {string} path
 * @param {number} [size] in pixels
 */
export function icon(path, size = 16) {
  return drawing({ class: "icon", viewBox: "0 0 16 16", width: size, height: size }, [["path", { d: path }]]);
}

/**
 * A picture that says nothing to a screen reader.
 *
 * @param {Record<string, unknown>} props of the svg
 * @param {[tag: string, props: Record<string, unknown>][]} shapes
 */
export function drawing(props, shapes) {
  const drawn = shapes.map(([tag, shape]) => fill(document.createElementNS(SVG, tag), shape, []));
  return fill(document.createElementNS(SVG, "svg"), { ...props, "aria-hidden": "true", focusable: "false" }, drawn);
}

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(
    ...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false && child !== ""),
  );
  return element;
}

/**
 * Arrow keys within a group of which one member is in the tab order: lists, tabs, chips.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement[]} members
 * @returns {HTMLElement | undefined} the member to go to
 */
export function arrowTarget(event, members) {
  const at = members.indexOf(/** @type {HTMLElement} */ (event.target));
  const last = members.length - 1;
  const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: last }[
    event.key
  ];
  if (at < 0 || to === undefined || event.altKey || event.ctrlKey || event.metaKey) return undefined;
  event.preventDefault();
  return members[Math.min(Math.max(to, 0), last)];
}

/** Shapes for {@link icon}. */
export const icons = {
  hard: "M5.300 1.500h5.400l3.800 3.800v5.400l-3.800 3.800H5.300l-3.800-3.800V5.300zM5.500 8h5",
  soft: "M13.500 8a5.500 5.500 0 1 1-1.700-4M12.200 1.300v3h-3",
  supports: "M3 8.500l3.300 3.300L13 4.800",
  contradicts: "M4 4l8 8M12 4l-8 8",
  copy: "M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z",
  done: "M3 8.500l3.300 3.300L13 4.800",
  delay: "M8 4.500V8l2.300 1.700M8 1.800a6.200 6.200 0 1 0 0 12.400A6.200 6.200 0 0 0 8 1.800z",
  arrow: "M3 8h10M9 4l4 4-4 4",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  download: "M8 2v8M4.500 7 8 10.500 11.500 7M2.500 13.500h11",
  lock: "M4.500 7V5a3.500 3.500 0 0 1 7 0v2M3.500 7h9v6.500h-9z",
  keep: "M3 8.500l3.300 3.300L13 4.800",
  retry: "M13.500 8a5.500 5.500 0 1 1-1.700-4M12.200 1.300v3h-3",
  flag: "M4 14.500V2M4 2.500h8.500l-2.300 3.200 2.300 3.200H4",
  suppress: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM3.800 3.800l8.400 8.400",
};
