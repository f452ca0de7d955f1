import { statusText } from "./decode.js";
import { CATEGORIES, FAULTS, FORMS, KINDS, PROVIDERS, REASONS, TYPES } from "./names.js";

/** The columns in the order in which the engine gives their addresses (`src/wasm/batch.rs`). */
export const COLUMNS = [
  ["kind", Uint8Array],
  ["type", Uint8Array],
  ["category", Uint8Array],
  ["reason", Uint8Array],
  ["fault", Uint8Array],
  ["likelyHard", Uint8Array],
  ["provider", Uint8Array],
  ["form", Uint8Array],
  ["code", Uint16Array],
  ["status", Uint32Array],
  ["retryAfter", Uint32Array],
  ["confidence", Float32Array],
];

const NAMES = {
  kind: KINDS,
  type: TYPES,
  category: CATEGORIES,
  reason: REASONS,
  fault: FAULTS,
  provider: PROVIDERS,
  form: FORMS,
};

const nameOf = (names, index) => (index === 255 ? null : names[index]);

/** One row a text, in typed arrays. */
export class BatchResult {
  constructor(length) {
    this.length = length;
    this.columns = Object.fromEntries(COLUMNS.map(([name, Column]) => [name, new Column(length)]));
    this.names = NAMES;
  }

  get(index) {
    if (!Number.isInteger(index) || index < 0 || index >= this.length) {
      throw new RangeError(`no row ${index}; the batch has ${this.length}`);
    }
    const { columns } = this;
    const retryAfter = columns.retryAfter[index];
    return {
      kind: KINDS[columns.kind[index]],
      type: nameOf(TYPES, columns.type[index]),
      category: nameOf(CATEGORIES, columns.category[index]),
      reason: nameOf(REASONS, columns.reason[index]),
      fault: FAULTS[columns.fault[index]],
      confidence: Math.round(columns.confidence[index] * 1000) / 1000,
      likelyHard: columns.likelyHard[index] === 1,
      code: columns.code[index] || null,
      status: statusText(columns.status[index]),
      provider: nameOf(PROVIDERS, columns.provider[index]),
      retryAfter: retryAfter === 0xffffffff ? null : retryAfter,
      form: FORMS[columns.form[index]],
    };
  }

  *[Symbol.iterator]() {
    for (let index = 0; index < this.length; index += 1) yield this.get(index);
  }

  toObjects() {
    return [...this];
  }

  transferables() {
    return Object.values(this.columns).map((column) => column.buffer);
  }
}
