// One cold start, in a process or page that has done nothing before. Gives milliseconds: from bytes of wasm to
// the first verdict, and how that is made up.

const REPLY = "550-5.1.1 The email account that you tried to reach does not exist. 550 5.1.1 Please try double-checking the address";

/**
 * @param {"package" | "floor" | "regexes"} what
 * @param {object} from
 * @param {() => Promise<object>} from.load imports the package's slim entry
 * @param {BufferSource} [from.wasm]
 * @param {object} [from.list] the regular expressions
 */
export async function cold(what, { load, wasm, list }) {
  const begin = performance.now();
  if (what === "floor") {
    const { floors } = await import("./floors.mjs");
    const imported = performance.now();
    floors(wasm).look(REPLY);
    return { imported: imported - begin, all: performance.now() - imported };
  }
  if (what === "regexes") {
    const { regexClassifier } = await import("./regexes.mjs");
    const imported = performance.now();
    regexClassifier(list)(REPLY);
    return { imported: imported - begin, all: performance.now() - imported };
  }
  const { init, classify } = await load();
  const imported = performance.now();
  const module = await WebAssembly.compile(wasm);
  const compiled = performance.now();
  await init(module);
  const ready = performance.now();
  classify(REPLY);
  const first = performance.now();
  classify(`${REPLY} again`);
  const second = performance.now();
  return {
    imported: imported - begin,
    all: first - imported,
    compile: compiled - imported,
    instantiate: ready - compiled,
    first: first - ready,
    second: second - first,
  };
}
