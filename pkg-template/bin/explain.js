// Every stage of the reading, for people.

import { explain } from "../inline.js";
import { bytes, inputsOf, nameOf, whyNot } from "./inputs.js";
import { clean, tame } from "./letters.js";

/** The largest input that is shown whole. */
const MAX_BYTES = 64 * 1024 * 1024;

export async function run(given, output, miss) {
  const { form, rules } = given.reading;
  const inputs = await inputsOf(given.paths, miss);
  const total = inputs.reduce((sum, { size }) => sum + size, 0);
  if (output.terminal) output.progress.off();
  for (const input of inputs) {
    try {
      const whole = await read(bytes(input, ({ path }, length) => output.progress.tell(path, length, total)));
      const explanation = explain(whole, { form, rules, maxBytes: MAX_BYTES });
      if (given.json) await output.data(`${JSON.stringify({ file: nameOf(input), ...explanation })}\n`);
      else {
        if (inputs.length > 1) await output.add(`${output.paint("bold", clean(input.path))}\n`);
        await output.add(`${lines(explanation.text)}\n`);
      }
    } catch (error) {
      miss(input.path, whyNot(error));
    }
  }
  await output.flush();
}

const lines = (text) => text.trimEnd().split("\n").map(tame).join("\n");

async function read(chunks) {
  const held = [];
  let length = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) throw Object.assign(new Error(`it is larger than ${MAX_BYTES} bytes, which is more than explain shows`), { code: "input-too-large" });
  }
  return Buffer.concat(held);
}
