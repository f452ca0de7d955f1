// What every entry of the package shares. An entry differs only in how it finds the two wasm files: the
// engine, which reads bounces, and the desk, which decides, counts and keeps lists.

import * as desk from "./desk.js";
import { DeskEngine } from "./desk-engine.js";
import { Engine } from "./engine.js";
import { failure } from "./error.js";
import { transcript } from "./explain.js";
import { Home } from "./home.js";
import { readInit, readOptions } from "./options.js";

/**
 * @param {object} homes where each wasm is (see `Home`)
 * @param {object} homes.engine
 * @param {object} homes.desk
 * @param {string} homes.cure what to do where the engine is not found
 * @param {string} [homes.deskCure] what to do where the desk is not found
 */
export function bind({ engine, desk: ofDesk, cure, deskCure = cure }) {
  const engines = new Home(engine, cure, (module) => new Engine(module));
  const desks = new Home(ofDesk, deskCure, (module) => new DeskEngine(module));

  /** Calls into the wasm. What it throws itself would be a defect of ours: the next call starts afresh. */
  function call(use, input, options) {
    const settings = readOptions(options);
    const current = engines.ready();
    try {
      return use(current, input, settings);
    } catch (error) {
      if (typeof error?.code === "string") throw error;
      engines.drop();
      throw failure("internal", `bouncelens failed on this input, which is a defect; please report it: ${error}`, error);
    }
  }

  /** Who says where the engine is says where the desk is too: what missed the one will miss the other. */
  const wantsDesk = (source, given) => (given === undefined ? source === undefined && ofDesk.later !== undefined : given !== false);

  return {
    async init(source, options) {
      const { desk: given } = readInit(options);
      const loading = [engines.load(source)];
      if (wantsDesk(source, given)) loading.push(desks.load(given === true ? undefined : given));
      await Promise.all(loading);
    },
    classify: (input, options) => call(classify, input, options),
    classifyAll: (input, options) => call(classifyAll, input, options),
    classifyBatch: (inputs, options) => call(classifyBatch, inputs, options),
    /** For the stages below, which a page that does not use them need not load. */
    call,
    decide: (verdict, options) => desk.decide(desks.ready(), verdict, options),
    createLedger: (options) => desk.createLedger(desks.ready(), options),
    replay: (events, options) => desk.replay(desks.ready(), events, options),
    summarise: (rows, options) => desk.summarise(desks.ready(), rows, options),
    readSuppressionList: (text) => desk.readSuppressionList(desks.ready(), text),
    writeSuppressionList: (entries, options) => desk.writeSuppressionList(desks.ready(), entries, options),
  };
}

const classify = (engine, input, settings) => engine.classify(input, settings);
const classifyAll = (engine, input, settings) => engine.classifyAll(input, settings);
const classifyBatch = (engine, inputs, settings) => engine.batch(inputs, settings);

export const records = (engine, input, settings) => engine.records(input, settings);

export function explain(engine, input, settings) {
  const records = engine.records(input, settings);
  const { layout, sure, asked, parts } = engine.outline(input, settings);
  const recognised = { layout, confidence: sure / 100, asked };
  const list = parts.map(({ role, used, name, fact, count, start = null, end = null }) => ({
    role,
    used,
    name,
    fact: fact === "" ? null : fact,
    count,
    start,
    end,
  }));
  return { text: transcript(recognised, list, records), recognised, parts: list, records };
}
