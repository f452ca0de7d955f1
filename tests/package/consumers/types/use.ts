import { advise, categories, classify, classifyAll, classifyBatch, explain, init, locales, reasons, records, summarise } from "bouncelens";
import type { BatchRow, BouncelensError, Category, InputPart, Layout, OwnRules, Reason, Verdict } from "bouncelens";
import { classify as slim } from "bouncelens/slim";
import { classify as inline } from "bouncelens/inline";
import { createStream, kindOf, rowOf } from "bouncelens/stream";
import { BounceLens, type BounceLensElement } from "bouncelens/element";
import { createPool, type Pool } from "bouncelens/worker";
import { createRules } from "bouncelens/regex";
import type { FileKind, ResultStream } from "bouncelens/stream";
import type { Kind, ReportFields, Verdict as TypesVerdict } from "bouncelens/types";

const verdict: Verdict = classify("550 5.1.1 User unknown", { maxBytes: 1000 });
const same: TypesVerdict = verdict;

if (verdict.kind === "bounce") {
  const type: "hard" | "soft" = verdict.type;
  const category: Category = verdict.category;
  const reason: Reason = verdict.reason;
  void [type, category, reason];
} else if (verdict.kind !== "delay") {
  const none: null = verdict.reason;
  // @ts-expect-error the kinds are a closed set
  const bounce: "bounce" = verdict.kind;
  void [none, bounce];
}

function word(kind: Kind): string {
  switch (kind) {
    case "bounce":
    case "delay":
    case "delivered":
      return "delivery";
    case "auto-reply":
    case "complaint":
    case "challenge":
    case "read-receipt":
    case "subscription":
    case "aggregate-report":
    case "unrelated":
      return "mail";
    default: {
      const never: never = kind;
      return never;
    }
  }
}

// @ts-expect-error a verdict is read-only
verdict.kind = "delay";
// @ts-expect-error no such reason
const wrong: Reason = "no-such-reason";
// @ts-expect-error no such option
classify("", { colour: "red" });
// @ts-expect-error an input is text or bytes
classify(550);
// @ts-expect-error a source is an address, a response, bytes or a module
void init(550);

const rows: BatchRow[] = [...classifyBatch(["a", "b"]), ...classifyBatch({ bytes: new Uint8Array(2), offsets: [0, 1, 2] })];
const codes: Uint16Array = classifyBatch([]).columns.code;
const steps: readonly string[] = advise(verdict, locales[0]).steps.marketer;
const titles: string[] = [...rows, { kind: "bounce", category: "other", reason: null } as const].map((each) => advise(each).title);
const meanings: string[] = [...categories, ...reasons].map((entry) => entry.meaning);
const { text, recognised, parts } = explain(new Uint8Array(0), { form: "log" });
const layout: Layout = recognised.layout;
const used: InputPart[] = parts.filter(({ used, role, start }) => used && role === "reply" && start !== null);
void [layout, used];
// @ts-expect-error no such form
classify("", { form: "fax" });
const all: Verdict[] = classifyAll("");

export async function start(bytes: Uint8Array, address: { href: string }): Promise<void> {
  await init();
  await init(bytes);
  await init(address);
  await init(undefined, { desk: false });
  await init(bytes, { desk: address });
  try {
    slim("");
  } catch (error) {
    if ((error as BouncelensError).code === "not-initialised") inline("");
  }
}

const workbook: Promise<Uint8Array> = summarise(rows, { groupBy: ["from-domain", "bounce-text"] }).toXLSX();
// @ts-expect-error no such field
summarise(all, { groupBy: ["colour"] });

const streams: ResultStream = createStream({ lines: true, portionBytes: 1000 });
const row: ReportFields | null = rowOf(records("")[0]!, { near: 0 });
const kind: FileKind = kindOf(new Uint8Array(2));
// @ts-expect-error no such option
createStream({ chunk: 1 });
export async function inThreads(): Promise<BatchRow[]> {
  const pool: Pool = createPool({ size: 2, timeout: 1000 });
  await pool.room();
  const found: Verdict[] = await pool.classifyAll("", { form: "log" });
  const rows = await pool.classifyBatch(["a"], { progress: ({ done, total }) => void [done + 1, total === null] });
  // @ts-expect-error no such option
  await pool.classifyAll("", { progress: () => {} });
  await pool.close();
  return found.length > 0 ? [...rows] : [];
}
export async function withOwnRules(): Promise<string> {
  const own: OwnRules = await createRules([{ id: "acme/closed", pattern: "closed by acme", reason: "mailbox-disabled" }]);
  // @ts-expect-error no such reason
  await createRules([{ id: "a", pattern: "b", reason: "closed" }]);
  // @ts-expect-error a list has to be compiled first
  classify("", { rules: [{ id: "a", pattern: "b", reason: "mailbox-full" }] });
  element.rules = own;
  const [first] = await createPool().classifyAll("", { rules: own });
  createStream({ rules: own });
  return own.rules[0]?.id ?? first?.kind ?? classify("", { rules: own }).kind;
}
const element: BounceLensElement = new BounceLens();
element.text = null;
// @ts-expect-error what is shown is not set
element.verdict = null;
void [streams, row, kind, summarise(row === null ? [] : [row])];

export { all, codes, meanings, rows, same, steps, text, titles, word, workbook, wrong };
