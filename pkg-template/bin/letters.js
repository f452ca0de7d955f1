// Text on a screen: how wide it is, and nothing in it that steers the screen.

/** Controls, and marks that turn the direction of writing. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g;
/** Takes no room: marks upon the letter before. */
const MARK = /\p{Mn}|\p{Me}|\u200d|[\ufe00-\ufe0f]/u;
/** Takes two columns: East Asian letters and pictures. */
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** Harmless to a screen, each letter in its place. */
export const tame = (line) => line.replace(STEERING, "?");

/** On one line, and harmless to a screen. */
export const clean = (text) => text.replace(STEERING, " ").replace(/ {2,}/g, " ").trim();

/** Data for programs, shown on a screen: what would steer it stands as its number; lines and tabs stay. */
export const visible = (data) => data.replace(STEERING, (run) => run.replace(/\r\n|[^\n\t]/g, (each) => (each === "\r\n" ? each : `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`)));

const columns = (letter) => (MARK.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1);

const plain = (text) => /^[\u0020-\u007e]*$/.test(text);

/** How many columns of a screen a text takes. */
export function width(text) {
  if (plain(text)) return text.length;
  let sum = 0;
  for (const letter of text) sum += columns(letter);
  return sum;
}

/** As much of a text as fits, with an ellipsis where it is not all. */
export function clip(text, room) {
  if (width(text) <= room) return text;
  let [sum, kept] = [0, ""];
  for (const letter of text) {
    sum += columns(letter);
    if (sum > room - 1) break;
    kept += letter;
  }
  return room < 1 ? "" : `${kept}…`;
}

/** Clipped or filled up to exactly so many columns; numbers to the right. */
export function fit(text, room, right = false) {
  const clipped = clip(text, room);
  const blank = " ".repeat(room - width(clipped));
  return right ? blank + clipped : clipped + blank;
}

/** Lines of at most so many columns, broken between words. */
export function wrap(text, room, indent = "") {
  const lines = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && width(longer) > room - width(indent)) {
      lines.push(indent + line);
      line = word;
    } else line = longer;
  }
  lines.push(indent + line);
  return lines.join("\n");
}
