import { classifyBatch, init } from "./node_modules/bouncelens/index.browser.js";

addEventListener("message", async ({ data }) => {
  await init();
  const result = classifyBatch(data);
  postMessage(result.columns, result.transferables());
});
