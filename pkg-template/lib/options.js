import { failure, named } from "./error.js";
import { FORMS } from "./names.js";

const MEBIBYTE = 1024 * 1024;
/** What the engine can address: offsets cross the border in 31 bits. */
const CEILING = 1024 * MEBIBYTE;

/** No form is forced: the engine finds out. */
export const ANY_FORM = 255;

/** What marks compiled rules, also those of another copy of the package. */
export const OWN = Symbol.for("bouncelens.rules");

export const DEFAULTS = { form: ANY_FORM, maxBytes: 64 * MEBIBYTE };

const READERS = {
  form(value) {
    if (!FORMS.includes(value)) {
      throw failure("bad-option", `option \`form\`: unknown form ${named(value)}; known: ${FORMS.join(", ")}`);
    }
    return FORMS.indexOf(value);
  },
  maxBytes(value) {
    if (!Number.isInteger(value) || value < 0 || value > CEILING) {
      throw failure("bad-option", `option \`maxBytes\`: ${named(value)} is no whole number from 0 to ${CEILING}`);
    }
    return value;
  },
  rules(value) {
    if (value?.[OWN] !== true) throw failure("bad-option", "option `rules`: it takes what `await createRules([{ id, pattern, reason }])` of \"bouncelens/regex\" gives");
    return value;
  },
};

/** Checks what the caller gave; an unknown key is an error that names it. */
export function readOptions(options) {
  if (options === undefined) return DEFAULTS;
  checked(options, Object.keys(READERS));
  const settings = { ...DEFAULTS };
  for (const key of Object.keys(options)) {
    if (options[key] !== undefined) settings[key] = READERS[key](options[key]);
  }
  return settings;
}

/** The same of the options of `init`. */
export const readInit = (options) => (options === undefined ? {} : checked(options, ["desk"]));

function checked(options, known) {
  if (options === null || typeof options !== "object") {
    throw failure("bad-option", `the options must be an object, not ${named(options)}`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw failure("unknown-option", `unknown option \`${key}\`; known: ${known.join(", ")}`);
  }
  return options;
}
