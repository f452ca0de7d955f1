import { init, summarise } from "bouncelens";

export async function start(module: WebAssembly.Module): Promise<void> {
  await init(new URL("https://example.com/bouncelens.wasm"));
  await init(fetch("https://example.com/bouncelens.wasm"));
  await init(module);
}

export async function download(): Promise<Blob> {
  return new Blob([await summarise([]).toXLSX()]);
}
