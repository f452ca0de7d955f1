import { init, summarise } from "bouncelens";
import { BounceLens } from "bouncelens/element";
import { createPool } from "bouncelens/worker";
import { createStream, type StreamResult } from "bouncelens/stream";

export async function start(module: WebAssembly.Module): Promise<void> {
  await init(new URL("https://example.com/bouncelens.wasm"));
  await init(fetch("https://example.com/bouncelens.wasm"));
  await init(module);
}

export async function download(): Promise<Blob> {
  return new Blob([await summarise([]).toXLSX()]);
}

export function shown(): string | null {
  const element = document.createElement("bounce-lens");
  element.text = "550 5.1.1 User unknown";
  document.body.append(element, new BounceLens());
  return element.verdict?.reason ?? null;
}

export async function stoppable(signal: AbortSignal): Promise<number> {
  return (await createPool({ worker: () => new Worker("thread.js", { type: "module" }) }).classifyBatch([""], { signal })).length;
}

export async function read(file: Blob, signal: AbortSignal): Promise<StreamResult[]> {
  const results: StreamResult[] = [];
  const sink = new WritableStream<StreamResult>({ write: (result) => void results.push(result) });
  await file.stream().pipeThrough(createStream()).pipeTo(sink, { signal });
  return results;
}
