// When something happened, from the ways in which mails, logs, tables and events write it.
//
// A time without a zone is read as UTC, so that the day of a row is the day that its line names. What
// can be read in two ways (03/04/2024) is not read at all: the row has no time, and the report says so.

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** RFC 5322, 4.3; other letters say nothing. */
const ZONES = { UT: 0, UTC: 0, GMT: 0, Z: 0, EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7 };
const DAY = 24 * 3600 * 1000;
const CLOCK = String.raw`(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z\b|[A-Z]{2,3}\b|[+-]\d\d:?\d\d)?`;

const NUMBER = /^(\d{10}|\d{13}|\d{16})(?:\.\d+)?$/;
const TAI = /^@(4[0-9a-f]{15})/;
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-/.](\d\d?)[-/.](\d\d?)(?:[T ]\s*${CLOCK})?`);
const DOTS = new RegExp(String.raw`^(\d\d?)\.(\d\d?)\.(\d{4})(?:,?\s+${CLOCK})?`);
const SLASHES = new RegExp(String.raw`^(\d\d?)/(\d\d?)/(\d{4})(?:,?\s+${CLOCK})?`);
const DAY_MONTH = new RegExp(
  String.raw`^(?:[A-Za-z]{3},?\s+)?(\d\d?)[-/ ]([A-Za-z]{3})[a-z]*[-/ ](\d{4})(?:[: ]\s*${CLOCK})?`,
);
const MONTH_DAY = new RegExp(String.raw`^(?:[A-Za-z]{3},?\s+)?([A-Za-z]{3})[a-z]*\s+(\d\d?)\s+${CLOCK}(?:\s+(\d{4}))?`);

/**
 *     when("May  1 10:00:00", Date.UTC(2024, 5, 1)) // Date.UTC(2024, 4, 1, 10)
 *
 * @param {string | null} text
 * @param {number} [near] when the file was last changed: of a time without a year it is the latest one before
 * @returns {number | null} epoch milliseconds
 */
export function when(text, near) {
  if (!text) return null;
  const line = text.trim().replace(/^\[|\]$/g, "");
  let found = NUMBER.exec(line);
  if (found) return Math.floor(Number(found[1]) / { 10: 1 / 1000, 13: 1, 16: 1000 }[found[1].length]);
  found = TAI.exec(line);
  // TAI64 counts from 2^62; ten seconds are what TAI was ahead in 1970.
  if (found) return Number(BigInt(`0x${found[1]}`) - (1n << 62n) - 10n) * 1000;
  found = YEAR_FIRST.exec(line);
  if (found) return moment(found[1], found[2], found[3], found.slice(4));
  found = DOTS.exec(line);
  if (found) return moment(found[3], found[2], found[1], found.slice(4));
  found = SLASHES.exec(line);
  if (found) return slashes(found);
  found = DAY_MONTH.exec(line);
  if (found) return moment(found[3], month(found[2]), found[1], found.slice(4));
  found = MONTH_DAY.exec(line);
  return found ? withoutYear(found, near) : null;
}

const month = (name) => MONTHS.indexOf(name.toLowerCase()) + 1;

function slashes([, first, second, year, ...clock]) {
  if (first > 12) return moment(year, second, first, clock);
  if (second > 12 || first === second) return moment(year, first, second, clock);
  return null;
}

function withoutYear(found, near) {
  const [, name, day] = found;
  const [clock, stated] = [found.slice(3, 8), found[8]];
  if (stated) return moment(stated, month(name), day, clock);
  if (near === undefined) return null;
  const year = new Date(near).getUTCFullYear();
  // A day ahead is a clock of another zone, not last year's log.
  for (const each of [year + 1, year, year - 1, year - 2, year - 3, year - 4]) {
    const time = moment(each, month(name), day, clock);
    if (time !== null && time <= near + DAY) return time;
  }
  return null;
}

/** `null` for the 30th of February and for the 25th hour. */
function moment(year, month, day, [hour = 0, minute = 0, second = 0, fraction = "", zone]) {
  const time = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), Number(`${fraction}000`.slice(0, 3)));
  const date = new Date(time);
  const right =
    date.getUTCFullYear() === Number(year) &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === Number(day) &&
    hour < 24 &&
    minute < 60;
  return right ? time - ahead(zone) : null;
}

/** How far a zone is ahead of UTC, in milliseconds. */
function ahead(zone) {
  if (!zone) return 0;
  if (/^[A-Z]/.test(zone)) return (ZONES[zone] ?? 0) * 3600_000;
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)/.exec(zone);
  return (sign === "-" ? -1 : 1) * (hours * 60 + Number(minutes)) * 60_000;
}
