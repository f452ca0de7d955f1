import { classify, summarise } from "bouncelens";

const report = summarise([classify("550 5.1.1 User unknown")], { groupBy: ["category", "bounce-text"] });
const bytes = await report.toXLSX().catch((error) => error);
console.log(bytes.code ?? String.fromCharCode(...bytes.slice(0, 2)));
