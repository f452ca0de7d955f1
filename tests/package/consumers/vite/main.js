import { classify, init, summarise } from "bouncelens";

await init();
document.title = classify("550 5.1.1 User unknown").reason;

globalThis.workbook = () => {
  const rows = Array.from({ length: 1_000 }, (_, index) => ({ kind: "bounce", campaign: `campaign ${index}` }));
  return summarise(rows, { groupBy: ["campaign"] }).toXLSX();
};
